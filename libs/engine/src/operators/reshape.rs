//! Reshape: the same bytes under another shape.

use crate::arena::move_into;
use crate::error::RunError;
use crate::format::{Common, Reshape};

/// Moves the bytes, unless they are in place.
pub fn run(common: &Common, body: &Reshape, arena: &mut [u8]) -> Result<(), RunError> {
    move_into(
        arena,
        common.input_offset,
        common.output_offset,
        body.length,
    )
}
