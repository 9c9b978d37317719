//! AveragePool2D and MaxPool2D.

use anchorhold_engine::format::{Body, Window};

use super::context::Context;
use super::window;
use crate::activations;
use crate::error::Problem;
use crate::step::Step;
use crate::tensor::Tensor;

/// Lowers AVERAGE_POOL_2D.
pub fn lower_average(context: &Context) -> Result<Step, Problem> {
    lower(context, Body::AveragePool2D)
}

/// Lowers MAX_POOL_2D.
pub fn lower_max(context: &Context) -> Result<Step, Problem> {
    lower(context, Body::MaxPool2D)
}

fn lower(context: &Context, body: fn(Window) -> Body) -> Result<Step, Problem> {
    let (number, input) = context.input(0)?;
    let (output_number, output) = context.output()?;
    let window = window(context, input, output)?;
    let (scale, zero_point) = output.quantization_of(input)?;
    let function = context.byte(5, "fused activation function")?;
    let range = activations::range(function, scale, zero_point)?;
    let ends = [(number, zero_point), (output_number, zero_point)];
    Ok(Step::new(context.node, body(window), ends[0], ends[1]).limited(range))
}

/// The operator's window.
pub fn window(context: &Context, input: &Tensor, output: &Tensor) -> Result<Window, Problem> {
    let size = |index| {
        let size = context.integer(index, "kernel", 0)?;
        let valid = usize::try_from(size).ok().filter(|size| *size > 0);
        valid.ok_or(Problem::Option {
            what: "kernel",
            found: size.into(),
            supported: "1 to 65535",
        })
    };
    let kernel = [size(4)?, size(3)?];
    let window = window::window(context, [input, output], kernel, [1, 1])?;
    if window.input[2] != window.output[2] {
        return Err(output.unexpected(format!("{} channels", window.input[2])));
    }
    Ok(window)
}
