//! Add.

use anchorhold_engine::fixed_point::Multiplier;
use anchorhold_engine::format::{Add, Body};

use super::{common, Context, Step};
use crate::activations;
use crate::error::Problem;
use crate::model::Tensor;
use crate::quantization::multiplier;

/// Lowers ADD of two tensors of the same shape.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let (first_number, first) = context.input(0)?;
    let (second_number, second) = context.input(1)?;
    let (output_number, output) = context.output()?;
    let shape = first.shape()?;
    for tensor in [second, output] {
        if tensor.shape()? != shape {
            return Err(tensor.unexpected(format!("{shape:?} (no broadcasting)")));
        }
    }
    let (first_scale, first_zero_point) = first.quantization()?;
    let (second_scale, second_zero_point) = second.quantization()?;
    let (scale, zero_point) = output.quantization()?;
    let twice = 2.0 * f64::from(first_scale.max(second_scale));
    let function = context.byte(0, "fused activation function")?;
    let range = activations::range(function, scale, zero_point)?;
    Ok(Step {
        common: common(first_zero_point, zero_point, range),
        body: Body::Add(Add {
            length: first.elements()?,
            second_offset: 0,
            second_zero_point,
            first: below_one(f64::from(first_scale) / twice, first)?,
            second: below_one(f64::from(second_scale) / twice, second)?,
            output: below_one(twice / (2f64.powi(20) * f64::from(scale)), output)?,
        }),
        inputs: vec![first_number, second_number],
        output: output_number,
        weights: Vec::new(),
        multiply_accumulates: 0,
    })
}

fn below_one(factor: f64, tensor: &Tensor) -> Result<Multiplier, Problem> {
    let factor = multiplier(factor);
    if factor.shift > 0 {
        return Err(tensor.unquantized("has a scale too small for its inputs"));
    }
    Ok(factor)
}
