//! Reshape: the same bytes under another shape.

use crate::arena::output_over_input;
use crate::error::RunError;
use crate::format::{Common, Reshape};

/// Moves the bytes, unless they are in place.
#[inline(never)]
pub fn run(common: &Common, body: &Reshape, arena: &mut [u8]) -> Result<(), RunError> {
    output_over_input(common, body.length, arena).map(|_| ())
}
