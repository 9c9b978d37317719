//! Add and Mul.

use anchorhold_engine::fixed_point::Multiplier;
use anchorhold_engine::format::int16::{Operation, Pair};

use super::step;
use crate::activations;
use crate::error::Problem;
use crate::lower::add::below_one;
use crate::lower::context::Context;
use crate::lower::operands::{self, Lowered};
use crate::quantization::multiplier;
use crate::step::Step;

/// Bits of headroom that the inputs of Add get before they are rescaled.
const LEFT_SHIFT: i32 = 15;

/// Lowers ADD.
pub fn add(context: &Context) -> Result<Step, Problem> {
    let lowered = operands::lower(context)?;
    let scales = scales(&lowered)?;
    let [first, second, output] = lowered.tensors;
    let twice = 2.0 * scales[0].max(scales[1]);
    let unit = 2f64.powi(LEFT_SHIFT) * scales[2];
    let factors: [Multiplier; 3] = [
        below_one(scales[0] / twice, first)?,
        below_one(scales[1] / twice, second)?,
        below_one(twice / unit, output)?,
    ];
    finish(context, &lowered, |pair| Operation::Add(pair, factors))
}

/// Lowers MUL.
pub fn mul(context: &Context) -> Result<Step, Problem> {
    let lowered = operands::lower(context)?;
    let [first, second, output] = scales(&lowered)?;
    let factor = multiplier(first * second / output);
    finish(context, &lowered, |pair| Operation::Mul(pair, factor))
}

/// The scales of both inputs and the output, all of which are int16.
fn scales(lowered: &Lowered) -> Result<[f64; 3], Problem> {
    let mut scales = [0.0; 3];
    for (scale, tensor) in scales.iter_mut().zip(lowered.tensors) {
        tensor.check_int16()?;
        *scale = tensor.quantization()?.0.into();
    }
    Ok(scales)
}

fn finish(
    context: &Context,
    lowered: &Lowered,
    operation: impl Fn(Pair) -> Operation,
) -> Result<Step, Problem> {
    let operands = lowered.operands;
    let pair = Pair {
        length: operands.length,
        second_offset: 0,
        more_each: operands.more_each,
        more_all: operands.more_all,
    };
    let (scale, _) = lowered.tensors[2].quantization()?;
    let function = context.byte(0, "fused activation function")?;
    let range = activations::range16(function, scale)?;
    Ok(Step {
        inputs: lowered.inputs(),
        ..step(context, operation(pair), range)?
    })
}
