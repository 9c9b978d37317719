//! Mean: `output[o][i] = Σ input[o][r][i] ÷ count`, rescaled.
//!
//! As `QuantizedMeanOrSum` in tensorflow/lite/kernels/internal/reference/reduce.h: the
//! sum has 32 bits, and its factor, which contains the division, rounds twice.

use super::elements::{self, limited, value};
use super::lengths::of_tensors;
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::fixed_point::times;
use crate::format::int16::{Int16, Mean16};
use crate::format::Common;
use crate::operators::geometry::product;
use crate::operators::Lengths;

/// Most elements whose sum 32 bits surely hold.
const MOST_REDUCED: u32 = 1 << 16;

/// What the mean takes.
pub fn lengths(body: &Mean16) -> Result<Lengths, OperatorFault> {
    body.factor.check()?;
    if body.reduced > MOST_REDUCED {
        return Err(OperatorFault::Shape);
    }
    let output = product(&[body.outer, body.inner])?;
    of_tensors(product(&[output, body.reduced])?, output)
}

/// Computes every mean.
#[inline(never)]
pub fn run(
    common: &Common,
    int16: &Int16,
    body: &Mean16,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let lengths = lengths(body).map_err(|_| RunError::Inconsistent)?;
    let [input, output, _] = Areas::borrow(common, &lengths, 0, arena)?;
    let inner = (body.inner as usize).max(1);
    let block = (body.reduced as usize).saturating_mul(inner).max(1);
    let inputs = elements::of(input).chunks(block);
    for (outputs, inputs) in elements::of_mut(output).chunks_mut(inner).zip(inputs) {
        for (lane, output) in outputs.iter_mut().enumerate() {
            let values = inputs.iter().skip(lane).step_by(inner);
            let sum = values.fold(0i32, |sum, input| sum.wrapping_add(value(*input)));
            *output = limited(times(sum, body.factor), int16);
        }
    }
    Ok(())
}
