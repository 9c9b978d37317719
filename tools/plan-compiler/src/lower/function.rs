//! Functions of one int8: each becomes a table of its 256 values, computed as
//! TensorFlow Lite Micro computes them.

use anchorhold_engine::fixed_point::multiply;
use anchorhold_engine::format::{Body, Table};

use super::context::Context;
use crate::activations;
use crate::error::Problem;
use crate::quantization::multiplier;
use crate::step::Step;
use crate::table;

/// The step with the table of `function`, whose value for `input` is clamped to
/// int8.
pub fn step(context: &Context, function: impl Fn(i32) -> i32) -> Result<Step, Problem> {
    let (number, input) = context.input(0)?;
    let (output_number, output) = context.output()?;
    let length = input.elements()?;
    if output.elements()? != length {
        return Err(output.unexpected(format!("{length} elements")));
    }
    let ends = [
        (number, input.quantization()?.1),
        (output_number, output.quantization()?.1),
    ];
    let step = Step::new(
        context.node,
        Body::Table(Table { length }),
        ends[0],
        ends[1],
    );
    let values = table::of(|input| function(input.into()).clamp(-128, 127) as i8);
    Ok(step.weighted(values.to_vec()))
}

/// Lowers QUANTIZE from int8 to int8.
pub fn quantize(context: &Context) -> Result<Step, Problem> {
    let (scale, zero_point) = context.input(0)?.1.quantization()?;
    let (output_scale, output_zero_point) = context.output()?.1.quantization()?;
    let factor = multiplier(f64::from(scale) / f64::from(output_scale));
    step(context, |input| {
        let scaled = multiply(input - i32::from(zero_point), factor);
        scaled.saturating_add(output_zero_point.into())
    })
}

/// Lowers RELU, whose output may have another scale.
pub fn relu(context: &Context) -> Result<Step, Problem> {
    let (scale, zero_point) = context.input(0)?.1.quantization()?;
    let (output_scale, output_zero_point) = context.output()?.1.quantization()?;
    // The quotient is a 32-bit number in the reference.
    let factor = multiplier((scale / output_scale).into());
    let least = i32::from(output_zero_point);
    step(context, |input| {
        let scaled = multiply(input - i32::from(zero_point), factor);
        scaled.saturating_add(least).max(least)
    })
}

/// Lowers RELU6, whose output has its input's scale.
pub fn relu6(context: &Context) -> Result<Step, Problem> {
    let input = context.input(0)?.1;
    let (scale, zero_point) = context.output()?.1.quantization_of(input)?;
    let (zero, six) = activations::range(activations::RELU6, scale, zero_point)?;
    step(context, |input| input.clamp(zero.into(), six.into()))
}

/// Lowers LEAKY_RELU.
pub fn leaky_relu(context: &Context) -> Result<Step, Problem> {
    let (scale, zero_point) = context.input(0)?.1.quantization()?;
    let (output_scale, output_zero_point) = context.output()?.1.quantization()?;
    let alpha = context.float(0, "alpha")?;
    // Both factors are 32-bit numbers in the reference.
    let slope = scale * alpha / output_scale;
    if !slope.is_finite() {
        return Err(Problem::Option {
            what: "alpha (in thousandths)",
            found: (f64::from(alpha) * 1000.0) as i64,
            supported: "those for which alpha × input scale ÷ output scale is finite",
        });
    }
    let below = multiplier(slope.abs().into());
    let above = multiplier((scale / output_scale).into());
    step(context, |input| {
        let value = input - i32::from(zero_point);
        let scaled = match (value >= 0, slope < 0.0) {
            (true, _) => multiply(value, above),
            (false, false) => multiply(value, below),
            (false, true) => multiply(value, below).saturating_neg(),
        };
        scaled.saturating_add(output_zero_point.into())
    })
}
