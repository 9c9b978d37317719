//! FullyConnected.

use anchorhold_engine::format::{Body, FullyConnected, Window};

use super::context::Context;
use crate::activations;
use crate::error::Problem;
use crate::quantization::multiplier;
use crate::step::Step;
use crate::tensor::Tensor;
use crate::weights::Channels;

/// Lowers FULLY_CONNECTED. With several rows it is a Conv2D of 1 × 1.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let (number, input) = context.input(0)?;
    let (output_number, output) = context.output()?;
    let filter = context.constant(1, "weights")?;
    let [rows, inputs, outputs] = rows_of(context, input, filter, output)?;
    let (input_scale, input_zero_point) = input.quantization()?;
    let (output_scale, output_zero_point) = output.quantization()?;
    let weights = filter.weights(outputs, 0)?;
    let factor = |scale: &f32| {
        // With one scale, the product of scales is a 32-bit number.
        let product = if weights.per_channel {
            f64::from(input_scale) * f64::from(*scale)
        } else {
            f64::from(input_scale * scale)
        };
        multiplier(product / f64::from(output_scale))
    };
    let channels = Channels {
        biases: context.biases(outputs)?,
        factors: weights.scales.iter().map(factor).collect(),
        input_zero_point,
    };
    let function = context.byte(0, "fused activation function")?;
    let range = activations::range(function, output_scale, output_zero_point)?;
    let weight = |output: usize, input: usize| weights.values[output * inputs + input] as i8;
    let ends = [
        (number, input_zero_point),
        (output_number, output_zero_point),
    ];
    let step = Step::new(context.node, body(rows, inputs, outputs)?, ends[0], ends[1]);
    Ok(Step {
        weights: channels.dense(inputs, &weight),
        multiply_accumulates: (rows * outputs) as u64 * inputs as u64,
        ..step.limited(range)
    })
}

/// Rows, inputs and outputs of the operator.
pub fn rows_of(
    context: &Context,
    input: &Tensor,
    filter: &Tensor,
    output: &Tensor,
) -> Result<[usize; 3], Problem> {
    let format = context.byte(1, "weights format")?;
    if format != 0 {
        return Err(Problem::Option {
            what: "weights format",
            found: format.into(),
            supported: "0",
        });
    }
    let [outputs, inputs] = filter.shape()?[..] else {
        return Err(filter.unexpected("[outputs, inputs]".into()));
    };
    let rows = input.elements()? as usize / inputs;
    if rows * inputs != input.elements()? as usize {
        return Err(input.unexpected(format!("rows of {inputs}")));
    }
    if output.elements()? as usize != rows * outputs {
        return Err(output.unexpected(format!("[{rows}, {outputs}]")));
    }
    Ok([rows, inputs, outputs])
}

fn body(rows: usize, inputs: usize, outputs: usize) -> Result<Body, Problem> {
    if rows == 1 {
        // Their product is the length of a tensor, which 32 bits hold.
        let (inputs, outputs) = (inputs as u32, outputs as u32);
        return Ok(Body::FullyConnected(FullyConnected { inputs, outputs }));
    }
    Ok(Body::Conv2D(several(rows, inputs, outputs)?))
}

/// The convolution of 1 × 1 that a matrix with several rows is.
pub fn several(rows: usize, inputs: usize, outputs: usize) -> Result<Window, Problem> {
    let small = |size: usize| {
        u16::try_from(size).map_err(|_| Problem::TooLarge {
            what: "rows, inputs or outputs of a matrix with several rows",
            found: size as u64,
            limit: u16::MAX.into(),
        })
    };
    let rows = small(rows)?;
    Ok(Window {
        scratch_offset: 0,
        input: [1, rows, small(inputs)?],
        output: [1, rows, small(outputs)?],
        kernel: [1, 1],
        stride: [1, 1],
        padding: [0, 0],
        gaps: [0, 0],
    })
}
