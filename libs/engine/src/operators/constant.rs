//! Constant: a tensor that comes with the weights.

use super::{geometry, Lengths};
use crate::arena::{copy, Area};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Constant};
use crate::weights::Weights;

/// Constants that are read at once, at least.
const UNIT: usize = 4;

/// What the tensor takes. In the stream it is filled up to a multiple of four.
#[inline(never)] // Apart from what every plan needs.
pub fn lengths(body: &Constant) -> Result<Lengths, OperatorFault> {
    Ok(Lengths {
        row: UNIT as u32,
        weights: geometry::product(&[body.length.div_ceil(UNIT as u32), UNIT as u32])?,
        ..Lengths::of_tensors(0, body.length)
    })
}

/// Where the tensor goes. It has no input, so that offset is zero.
#[inline(never)] // Apart from what every plan needs.
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
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let area = Area::new(common.output_offset, body.length, u32::MAX);
    let area = area.map_err(|_| RunError::Inconsistent)?;
    let mut output = area.of_mut(arena)?;
    while !output.is_empty() {
        let constants = weights.groups(UNIT, output.len().div_ceil(UNIT))?;
        copy(output, constants);
        let read = constants.len().min(output.len());
        output = output.get_mut(read..).unwrap_or_default();
    }
    Ok(())
}
