//! Add and Mul: two tensors, element by element, where the second may repeat.
//!
//! As `AddElementwise` in tensorflow/lite/kernels/internal/reference/add.h, with 15 bits
//! of headroom, and `MulElementwise` in .../reference/integer_ops/mul.h; both round
//! twice.

use super::elements::{self, limited, value};
use super::lengths::{bytes, of_tensors};
use crate::arena::{length, output_over_input, split, Area};
use crate::error::{OperatorFault, RunError};
use crate::fixed_point::{times, Multiplier};
use crate::format::int16::{Int16, Operation, Pair};
use crate::format::Common;
use crate::operators::geometry::{product, sum};
use crate::operators::Lengths;

/// Bits of headroom that the inputs of Add get before they are rescaled.
const LEFT_SHIFT: u32 = 15;

/// What an Add takes.
pub fn lengths_add(pair: &Pair, factors: &[Multiplier; 3]) -> Result<Lengths, OperatorFault> {
    for factor in factors {
        factor.check()?;
        if factor.shift > 0 {
            return Err(OperatorFault::Multiplier);
        }
    }
    of_tensors(pair.length, pair.length)
}

/// What a Mul takes.
pub fn lengths_mul(pair: &Pair, factor: Multiplier) -> Result<Lengths, OperatorFault> {
    factor.check()?;
    of_tensors(pair.length, pair.length)
}

/// Elements of the second input, and how often each counts in succession.
fn shape(pair: &Pair) -> Result<(u32, u32), OperatorFault> {
    let each = sum(pair.more_each, 1)?;
    let block = product(&[each, sum(pair.more_all, 1)?])?;
    let elements = pair.length.checked_div(block).unwrap_or(0);
    if elements.checked_mul(block) != Some(pair.length) {
        return Err(OperatorFault::Shape);
    }
    Ok((elements, each))
}

/// Where the second input lies, which may be on the first, and how often each of its
/// elements counts in succession.
pub fn second(pair: &Pair, arena_bytes: u32) -> Result<(Area, u32), OperatorFault> {
    let (elements, each) = shape(pair)?;
    let area = Area::new(pair.second_offset, bytes(elements)?, arena_bytes)?;
    Ok((area, each))
}

/// Computes every output, over a copy of the first input.
#[inline(never)]
pub fn run(common: &Common, int16: &Int16, pair: &Pair, arena: &mut [u8]) -> Result<(), RunError> {
    let inconsistent = |_| RunError::Inconsistent;
    let whole = bytes(pair.length).map_err(inconsistent)?;
    output_over_input(common, whole, arena)?;
    let arena_bytes = length(arena);
    let (second, each) = second(pair, arena_bytes).map_err(inconsistent)?;
    let output = Area::new(common.output_offset, whole, arena_bytes).map_err(inconsistent)?;
    let [second, output] = split(arena, [second, output])?;
    let (second, output) = (elements::of(second), elements::of_mut(output));
    let each = (each as usize).max(1);
    let block = second.len().saturating_mul(each).max(1);
    for output in output.chunks_exact_mut(block) {
        for (outputs, second) in output.chunks_exact_mut(each).zip(second) {
            for output in outputs {
                let result = combined(&int16.operation, value(*output), value(*second));
                *output = limited(result, int16);
            }
        }
    }
    Ok(())
}

/// Sum or product, rescaled.
fn combined(operation: &Operation, first: i32, second: i32) -> i32 {
    match operation {
        Operation::Add(_, [first_factor, second_factor, factor]) => {
            let first = times(first << LEFT_SHIFT, *first_factor);
            let second = times(second << LEFT_SHIFT, *second_factor);
            times(first.wrapping_add(second), *factor)
        }
        Operation::Mul(_, factor) => times(first * second, *factor),
        _ => 0,
    }
}
