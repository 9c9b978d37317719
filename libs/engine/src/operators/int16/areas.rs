//! Where an operator's tensors may lie.

use super::pair;
use crate::arena::Area;
use crate::error::OperatorFault;
use crate::format::int16::{Int16, Operation};
use crate::format::Common;
use crate::operators::Lengths;

/// Checks that tensors lie in the arena, and apart but for an output that may lie on the
/// first input; tells where the output lies.
pub fn check(
    common: &Common,
    int16: &Int16,
    lengths: &Lengths,
    arena_bytes: u32,
) -> Result<Area, OperatorFault> {
    let output = Area::new(common.output_offset, lengths.output, arena_bytes)?;
    let may_be_in_place = match &int16.operation {
        Operation::Conv2D(body) | Operation::DepthwiseConv2D(body) => {
            unused(body.window.scratch_offset)?;
            false
        }
        Operation::AveragePool2D(window) | Operation::MaxPool2D(window) => {
            unused(window.scratch_offset)?;
            false
        }
        Operation::FullyConnected(_) | Operation::Mean(_) => false,
        Operation::Fill(_) => {
            unused(common.input_offset)?;
            return Ok(output);
        }
        Operation::Add(pair, _) | Operation::Mul(pair, _) => {
            pair::second(pair, arena_bytes)?.0.apart_from(output)?;
            true
        }
        Operation::Softmax(_) | Operation::Sigmoid(_) | Operation::Rescale(_) => true,
    };
    let input = Area::new(common.input_offset, lengths.input, arena_bytes)?;
    if !may_be_in_place || input != output {
        input.apart_from(output)?;
    }
    Ok(output)
}

/// Refuses the offset of an area that does not exist.
fn unused(offset: u32) -> Result<(), OperatorFault> {
    if offset == 0 {
        return Ok(());
    }
    Err(OperatorFault::ReservedByte)
}
