//! Add: `output = first + second`, each rescaled, element by element.

use super::requantize::limit;
use super::{operands, Lengths};
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
    let length = body.operands.length;
    Ok(Lengths::of_tensors(length, length))
}

/// Computes the sum.
#[inline(never)]
pub fn run(common: &Common, body: &Add, arena: &mut [u8]) -> Result<(), RunError> {
    operands::combine(common, &body.operands, arena, |first, second| {
        let first = rescale(first, common.input_zero_point, body.first);
        let second = rescale(second, body.operands.second_zero_point, body.second);
        limit(multiply(first.wrapping_add(second), body.output), common)
    })
}

#[inline(always)]
fn rescale(value: u8, zero_point: i8, factor: Multiplier) -> i32 {
    let value = i32::from(value as i8) - i32::from(zero_point);
    multiply(value << LEFT_SHIFT, factor)
}
