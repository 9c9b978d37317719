//! Add and Mul: two tensors, element by element, where the second may repeat.
//!
//! As `AddElementwise` in tensorflow/lite/kernels/internal/reference/add.h, with 15 bits
//! of headroom, and `MulElementwise` in .../reference/integer_ops/mul.h; both round
//! twice.

use super::elements::{self, limited, value, Bytes};
use super::lengths::{bytes, of_tensors};
use crate::arena::{length, output_over_input, split, Area};
use crate::error::{OperatorFault, RunError};
use crate::fixed_point::{multiply, Multiplier};
use crate::format::int16::{Int16, Pair};
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
fn second(pair: &Pair) -> Result<(u32, u32), OperatorFault> {
    let each = sum(pair.more_each, 1)?;
    let block = product(&[each, sum(pair.more_all, 1)?])?;
    let elements = pair.length.checked_div(block).unwrap_or(0);
    if elements.checked_mul(block) != Some(pair.length) {
        return Err(OperatorFault::Shape);
    }
    Ok((elements, each))
}

/// Second input and output. The output lies apart from the second input, and either on
/// or apart from the first.
pub fn areas(
    common: &Common,
    pair: &Pair,
    arena_bytes: u32,
) -> Result<(Area, Area), OperatorFault> {
    let (elements, _) = second(pair)?;
    let length = bytes(pair.length)?;
    let first = Area::new(common.input_offset, length, arena_bytes)?;
    let second = Area::new(pair.second_offset, bytes(elements)?, arena_bytes)?;
    let output = Area::new(common.output_offset, length, arena_bytes)?;
    if first != output {
        first.apart_from(output)?;
    }
    second.apart_from(output)?;
    Ok((second, output))
}

/// Computes a sum.
pub fn run_add(
    common: &Common,
    int16: &Int16,
    (pair, factors): (&Pair, &[Multiplier; 3]),
    arena: &mut [u8],
) -> Result<(), RunError> {
    let [first_factor, second_factor, output_factor] = *factors;
    combine(common, pair, arena, |first, second| {
        let first = multiply(value(first) << LEFT_SHIFT, first_factor);
        let second = multiply(value(second) << LEFT_SHIFT, second_factor);
        let sum = multiply(first.wrapping_add(second), output_factor);
        limited(sum, int16)
    })
}

/// Computes a product.
pub fn run_mul(
    common: &Common,
    int16: &Int16,
    (pair, factor): (&Pair, &Multiplier),
    arena: &mut [u8],
) -> Result<(), RunError> {
    combine(common, pair, arena, |first, second| {
        limited(multiply(value(first) * value(second), *factor), int16)
    })
}

/// Computes every output, over a copy of the first input.
#[inline(always)]
fn combine(
    common: &Common,
    pair: &Pair,
    arena: &mut [u8],
    function: impl Fn(Bytes, Bytes) -> Bytes,
) -> Result<(), RunError> {
    let inconsistent = |_| RunError::Inconsistent;
    output_over_input(common, bytes(pair.length).map_err(inconsistent)?, arena)?;
    let (_, each) = second(pair).map_err(inconsistent)?;
    let each = (each as usize).max(1);
    let areas = areas(common, pair, length(arena)).map_err(inconsistent)?;
    let [second, output] = split(arena, areas.into())?;
    let (second, output) = (elements::of(second), elements::of_mut(output));
    let whole = second.len().saturating_mul(each).max(1);
    for output in output.chunks_exact_mut(whole) {
        for (outputs, second) in output.chunks_exact_mut(each).zip(second) {
            for output in outputs {
                *output = function(*output, *second);
            }
        }
    }
    Ok(())
}
