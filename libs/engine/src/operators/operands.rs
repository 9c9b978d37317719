//! Two tensors, element by element, where the second may repeat: what Add and Mul
//! have in common.

use super::geometry::{product, sum};
use crate::arena::{length, output_over_input, split, Area};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Operands};

/// Elements of the second input, and how often each counts in succession.
fn second(operands: &Operands) -> Result<(u32, u32), OperatorFault> {
    let each = sum(operands.more_each, 1)?;
    let block = product(&[each, sum(operands.more_all, 1)?])?;
    let elements = operands.length.checked_div(block).unwrap_or(0);
    if elements.checked_mul(block) != Some(operands.length) {
        return Err(OperatorFault::Shape);
    }
    Ok((elements, each))
}

/// Second input and output. The output lies apart from the second input, and
/// either on or apart from the first.
pub fn areas(
    common: &Common,
    operands: &Operands,
    arena_bytes: u32,
) -> Result<(Area, Area), OperatorFault> {
    let (elements, _) = second(operands)?;
    let first = Area::new(common.input_offset, operands.length, arena_bytes)?;
    let second = Area::new(operands.second_offset, elements, arena_bytes)?;
    let output = Area::new(common.output_offset, operands.length, arena_bytes)?;
    if first != output {
        first.apart_from(output)?;
    }
    second.apart_from(output)?;
    Ok((second, output))
}

/// Computes every output, over a copy of the first input.
#[inline(always)]
pub fn combine(
    common: &Common,
    operands: &Operands,
    arena: &mut [u8],
    function: impl Fn(u8, u8) -> u8,
) -> Result<(), RunError> {
    output_over_input(common, operands.length, arena)?;
    let inconsistent = |_| RunError::Inconsistent;
    let (_, each) = second(operands).map_err(inconsistent)?;
    let each = each as usize;
    let areas = areas(common, operands, length(arena)).map_err(inconsistent)?;
    let [second, output] = split(arena, areas.into())?;
    let whole = second.len().saturating_mul(each).max(1);
    for output in output.chunks_exact_mut(whole) {
        if each == 1 {
            for (output, second) in output.iter_mut().zip(second.iter()) {
                *output = function(*output, *second);
            }
            continue;
        }
        for (outputs, second) in output.chunks_exact_mut(each.max(1)).zip(second.iter()) {
            for output in outputs {
                *output = function(*output, *second);
            }
        }
    }
    Ok(())
}
