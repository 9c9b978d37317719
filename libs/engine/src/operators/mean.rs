//! Mean: `output[o][i] = Σ input[o][r][i] ÷ count`, requantised.
//!
//! The factor of a sum contains the division; the zero point goes out of the sum
//! once for all its elements.

use super::rescale::rescale;
use super::{geometry, Lengths};
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Mean};

/// What the mean takes.
#[inline(never)] // Apart from what every plan needs.
pub fn lengths(body: &Mean) -> Result<Lengths, OperatorFault> {
    body.factor.check()?;
    let output = geometry::product(&[body.outer, body.inner])?;
    let input = geometry::product(&[output, body.reduced])?;
    Ok(Lengths::of_tensors(input, output))
}

/// Computes every mean.
#[inline(never)]
pub fn run(common: &Common, body: &Mean, arena: &mut [u8]) -> Result<(), RunError> {
    let lengths = lengths(body).map_err(|_| RunError::Inconsistent)?;
    let [input, output, _] = Areas::borrow(common, &lengths, 0, arena)?;
    let count = body.reduced as i32;
    let zeros = count.wrapping_mul(common.input_zero_point.into());
    let inner = (body.inner as usize).max(1);
    let block = (body.reduced as usize).saturating_mul(inner).max(1);
    for (outputs, inputs) in output.chunks_mut(inner).zip(input.chunks(block)) {
        for (lane, output) in outputs.iter_mut().enumerate() {
            let values = inputs.iter().skip(lane).step_by(inner);
            let sum = values.fold(0i32, |sum, value| sum.wrapping_add(i32::from(*value as i8)));
            *output = rescale(sum.wrapping_sub(zeros), body.factor, common);
        }
    }
    Ok(())
}
