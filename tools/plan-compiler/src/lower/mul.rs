//! Mul.

use anchorhold_engine::format::{Body, Mul};

use super::context::Context;
use super::operands;
use crate::error::Problem;
use crate::quantization::multiplier;
use crate::step::Step;
use crate::tensor::Tensor;

/// Lowers MUL.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let lowered = operands::lower(context)?;
    let [first, second, output] = lowered.tensors;
    let scale = |tensor: &Tensor| Ok(f64::from(tensor.quantization()?.0));
    let factor = multiplier(scale(first)? * scale(second)? / scale(output)?);
    let operands = lowered.operands;
    lowered.step(context, Body::Mul(Mul { operands, factor }))
}
