//! Add: `output = first + second`, each rescaled, element by element.

use super::requantize::limit;
use super::Lengths;
use crate::arena::{length, output_over_input, split, Area};
use crate::error::{OperatorFault, RunError};
use crate::fixed_point::{multiply, Multiplier};
use crate::format::{Add, Common};

/// Bits of headroom that inputs get before they are rescaled.
const LEFT_SHIFT: u32 = 20;

/// What the tensors take.
pub fn lengths(body: &Add) -> Result<Lengths, OperatorFault> {
    for factor in [body.first, body.second, body.output] {
        if factor.multiplier < 0 || !(-31..=0).contains(&factor.shift) {
            return Err(OperatorFault::Multiplier);
        }
    }
    Ok(Lengths::of_tensors(body.length, body.length))
}

/// Second input and output. The output lies apart from the second input, and
/// either on or apart from the first.
pub fn areas(common: &Common, body: &Add, arena_bytes: u32) -> Result<(Area, Area), OperatorFault> {
    let first = Area::new(common.input_offset, body.length, arena_bytes)?;
    let second = Area::new(body.second_offset, body.length, arena_bytes)?;
    let output = Area::new(common.output_offset, body.length, arena_bytes)?;
    if first != output {
        first.apart_from(output)?;
    }
    second.apart_from(output)?;
    Ok((second, output))
}

/// Computes the sum, over a copy of the first input.
pub fn run(common: &Common, body: &Add, arena: &mut [u8]) -> Result<(), RunError> {
    output_over_input(common, body.length, arena)?;
    let (second, output) =
        areas(common, body, length(arena)).map_err(|_| RunError::Inconsistent)?;
    let [second, output] = split(arena, [second, output])?;
    for (output, second) in output.iter_mut().zip(second.iter()) {
        let first = rescale(*output, common.input_zero_point, body.first);
        let second = rescale(*second, body.second_zero_point, body.second);
        let sum = multiply(first.wrapping_add(second), body.output);
        *output = limit(sum, common);
    }
    Ok(())
}

#[inline(always)]
fn rescale(value: u8, zero_point: i8, factor: Multiplier) -> i32 {
    let value = i32::from(value as i8) - i32::from(zero_point);
    multiply(value << LEFT_SHIFT, factor)
}
