//! Quantize, Relu, Relu6 and LeakyRelu.

use anchorhold_engine::fixed_point::Multiplier;
use anchorhold_engine::format::int16::{Operation, Rescale};
use anchorhold_engine::format::Element;

use super::{step, WHOLE};
use crate::activations;
use crate::error::Problem;
use crate::lower::context::Context;
use crate::quantization::multiplier;
use crate::step::Step;

/// Lowers QUANTIZE from int16 to int16, from int8 to int16, and from int16 to int8.
pub fn quantize(context: &Context) -> Result<Step, Problem> {
    let (_, input) = context.activation(0)?;
    let (_, output) = context.result()?;
    let (scale, output_scale) = (input.quantization()?.0, output.quantization()?.0);
    let factor = multiplier(f64::from(scale) / f64::from(output_scale));
    let element = output.element()?;
    let range = (element.least(), element.greatest());
    lower(context, [factor; 2], false, range)
}

/// Lowers RELU, whose output may have another scale.
pub fn relu(context: &Context) -> Result<Step, Problem> {
    let (scale, output_scale) = scales(context)?;
    // The quotient is a 32-bit number in the reference.
    let factor = multiplier((scale / output_scale).into());
    lower(context, [factor; 2], false, (0, i16::MAX))
}

/// Lowers RELU6, whose output has its input's scale.
pub fn relu6(context: &Context) -> Result<Step, Problem> {
    let (_, input) = context.input16(0)?;
    let (scale, _) = context.output16()?.1.quantization_of(input)?;
    let range = activations::range16(activations::RELU6, scale)?;
    lower(context, [multiplier(1.0); 2], false, range)
}

/// Lowers LEAKY_RELU.
pub fn leaky_relu(context: &Context) -> Result<Step, Problem> {
    let (scale, output_scale) = scales(context)?;
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
    let positive = multiplier((scale / output_scale).into());
    let negative = multiplier(slope.abs().into());
    lower(context, [positive, negative], slope < 0.0, WHOLE)
}

fn scales(context: &Context) -> Result<(f32, f32), Problem> {
    let (_, input) = context.input16(0)?;
    let (_, output) = context.output16()?;
    Ok((input.quantization()?.0, output.quantization()?.0))
}

fn lower(
    context: &Context,
    [positive, negative]: [Multiplier; 2],
    flips: bool,
    range: (i16, i16),
) -> Result<Step, Problem> {
    let (_, input) = context.activation(0)?;
    let (_, output) = context.result()?;
    let length = input.elements()?;
    if output.elements()? != length {
        return Err(output.unexpected(format!("{length} elements")));
    }
    let elements: [Element; 2] = [input.element()?, output.element()?];
    let operation = Operation::Rescale(Rescale {
        length,
        input: elements[0],
        output: elements[1],
        positive,
        negative,
        flips,
    });
    step(context, operation, range)
}
