//! Conv2D and DepthwiseConv2D.

use anchorhold_engine::format::int16::{Convolution, Operation};
use anchorhold_engine::format::Window;

use super::channels::{factors, Channels};
use crate::activations;
use crate::error::Problem;
use crate::lower::context::Context;
use crate::lower::convolution::{filter_shape, multiply_accumulates};
use crate::lower::window;
use crate::step::Step;

/// The option of CONV_2D that says which type biases have where there are none.
const BIAS_TYPE: usize = 6;

/// Lowers CONV_2D.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let dilation = window::dilation(context, 4)?;
    let (_, input) = context.input16(0)?;
    let (_, output) = context.output16()?;
    let filter = context.constant(1, "weights")?;
    let [channels, height, width, depth] = filter_shape(filter)?;
    let window = window::window(context, [input, output], [height, width], dilation)?;
    if usize::from(window.input[2]) != depth || usize::from(window.output[2]) != channels {
        return Err(filter.unexpected(format!(
            "[{}, height, width, {}]",
            window.output[2], window.input[2]
        )));
    }
    let weights = filter.weights(channels, 0)?;
    let factors = factors(input, &weights, output)?;
    let quantised = Channels::new(context, output, &factors, Some(BIAS_TYPE))?;
    let elements = height * width * depth;
    let weight = |channel: usize, element: usize| {
        let place = channel * elements + element;
        weights.values[place] as i8
    };
    let stream = quantised.stream(elements, &weight);
    let sums = quantised.sums;
    let operation = Operation::Conv2D(Convolution { window, sums });
    step(context, operation, 3, stream, (&window, depth))
}

/// Lowers DEPTHWISE_CONV_2D, whose biases are int64.
pub fn lower_depthwise(context: &Context) -> Result<Step, Problem> {
    let dilation = window::dilation(context, 5)?;
    let (_, input) = context.input16(0)?;
    let (_, output) = context.output16()?;
    let filter = context.constant(1, "weights")?;
    let [one, height, width, channels] = filter_shape(filter)?;
    let window = window::window(context, [input, output], [height, width], dilation)?;
    let inputs = usize::from(window.input[2]);
    if one != 1 || usize::from(window.output[2]) != channels || channels % inputs != 0 {
        return Err(filter.unexpected(format!(
            "[1, height, width, {}], a multiple of {inputs}",
            window.output[2]
        )));
    }
    let weights = filter.weights(channels, 3)?;
    let factors = factors(input, &weights, output)?;
    let quantised = Channels::new(context, output, &factors, None)?;
    let weight = |channel: usize, tap: usize| weights.values[tap * channels + channel] as i8;
    let stream = quantised.stream(height * width, &weight);
    let sums = quantised.sums;
    let operation = Operation::DepthwiseConv2D(Convolution { window, sums });
    step(context, operation, 4, stream, (&window, 1))
}

fn step(
    context: &Context,
    operation: Operation,
    activation: usize,
    weights: Vec<u8>,
    (window, depth): (&Window, usize),
) -> Result<Step, Problem> {
    let (scale, _) = context.output16()?.1.quantization()?;
    let function = context.byte(activation, "fused activation function")?;
    let range = activations::range16(function, scale)?;
    Ok(Step {
        weights,
        multiply_accumulates: multiply_accumulates(window, depth),
        ..super::step(context, operation, range)?
    })
}
