//! Constant: a tensor that comes with the weights.

use super::{geometry, Lengths};
use crate::arena::Area;
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Constant};
use crate::stream::Stream;

/// What the tensor takes. In the stream it is filled up to a multiple of four.
pub fn lengths(body: &Constant) -> Result<Lengths, OperatorFault> {
    Ok(Lengths {
        weights: geometry::product(&[body.length.div_ceil(4), 4])?,
        ..Lengths::of_tensors(0, body.length)
    })
}

/// Where the tensor goes. It has no input, so that offset is zero.
pub fn area(common: &Common, body: &Constant, arena_bytes: u32) -> Result<Area, OperatorFault> {
    if common.input_offset != 0 {
        return Err(OperatorFault::ReservedByte);
    }
    Area::new(common.output_offset, body.length, arena_bytes)
}

/// Reads the tensor.
#[inline(never)]
pub fn run(
    common: &Common,
    body: &Constant,
    weights: &mut Stream,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let area = Area::new(common.output_offset, body.length, u32::MAX);
    let output = area.map_err(|_| RunError::Inconsistent)?.of_mut(arena)?;
    weights.read(output)?;
    let mut filling = [0; 3];
    let surplus = output.len().next_multiple_of(4) - output.len();
    weights.read(filling.get_mut(..surplus).ok_or(RunError::Inconsistent)?)
}
