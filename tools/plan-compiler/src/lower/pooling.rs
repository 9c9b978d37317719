//! AveragePool2D.

use anchorhold_engine::format::Body;

use super::{common, window, Context, Step};
use crate::activations;
use crate::error::Problem;

/// Lowers AVERAGE_POOL_2D.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let (number, input) = context.input(0)?;
    let (output_number, output) = context.output()?;
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
    let window = window::window(context, input, output, kernel)?;
    if window.input[2] != window.output[2] {
        return Err(output.unexpected(format!("{} channels", window.input[2])));
    }
    let (scale, zero_point) = output.quantization()?;
    if input.quantization()? != (scale, zero_point) {
        return Err(output.unquantized("does not have its input's scale and zero point"));
    }
    let function = context.byte(5, "fused activation function")?;
    let range = activations::range(function, scale, zero_point)?;
    Ok(Step {
        common: common(zero_point, zero_point, range),
        body: Body::AveragePool2D(window),
        inputs: vec![number],
        output: output_number,
        weights: Vec::new(),
        multiply_accumulates: 0,
    })
}
