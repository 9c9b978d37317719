//! Mul: `output = first × second`, rescaled once, element by element.

use super::rescale::rescale;
use super::{operands, Lengths};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Mul};

/// What the tensors take.
#[inline(never)] // Apart from what every plan needs.
pub fn lengths(body: &Mul) -> Result<Lengths, OperatorFault> {
    body.factor.check()?;
    let length = body.operands.length;
    Ok(Lengths::of_tensors(length, length))
}

/// Computes the product.
#[inline(never)]
pub fn run(common: &Common, body: &Mul, arena: &mut [u8]) -> Result<(), RunError> {
    let first_zero_point = i32::from(common.input_zero_point);
    let second_zero_point = i32::from(body.operands.second_zero_point);
    operands::combine(common, &body.operands, arena, |first, second| {
        let first = i32::from(first as i8) - first_zero_point;
        let second = i32::from(second as i8) - second_zero_point;
        rescale(first * second, body.factor, common)
    })
}
