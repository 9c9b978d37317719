//! Reshape: the same bytes under another shape.

use super::Needs;
use crate::arena::{move_into, Area};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Reshape};

/// Input and output may be one area, or any two areas.
pub fn check(common: &Common, body: &Reshape, arena_bytes: u32) -> Result<Needs, OperatorFault> {
    Area::new(common.input_offset, body.length, arena_bytes)?;
    let output = Area::new(common.output_offset, body.length, arena_bytes)?;
    Ok(Needs::no_weights(output))
}

/// Moves the bytes, unless they are in place.
pub fn run(common: &Common, body: &Reshape, arena: &mut [u8]) -> Result<(), RunError> {
    move_into(
        arena,
        common.input_offset,
        common.output_offset,
        body.length,
    )
}
