//! Add.

use anchorhold_engine::fixed_point::Multiplier;
use anchorhold_engine::format::{Add, Body};

use super::context::Context;
use super::operands;
use crate::error::Problem;
use crate::quantization::multiplier;
use crate::step::Step;
use crate::tensor::Tensor;

/// Lowers ADD.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let lowered = operands::lower(context)?;
    let [first, second, output] = lowered.tensors;
    let scale = |tensor: &Tensor| Ok(tensor.quantization()?.0);
    let (first_scale, second_scale) = (scale(first)?, scale(second)?);
    let twice = 2.0 * f64::from(first_scale.max(second_scale));
    let unit = 2f64.powi(20) * f64::from(scale(output)?);
    let body = Body::Add(Add {
        operands: lowered.operands,
        first: below_one(f64::from(first_scale) / twice, first)?,
        second: below_one(f64::from(second_scale) / twice, second)?,
        output: below_one(twice / unit, output)?,
    });
    lowered.step(context, body)
}

/// A factor that is at most 1; the problem of `tensor`'s scale otherwise.
pub fn below_one(factor: f64, tensor: &Tensor) -> Result<Multiplier, Problem> {
    let factor = multiplier(factor);
    if factor.shift > 0 {
        return Err(tensor.unquantized("has a scale too small for its inputs"));
    }
    Ok(factor)
}
