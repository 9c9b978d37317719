//! Conv2D and DepthwiseConv2D.

use anchorhold_engine::format::{Body, Window};

use super::context::Context;
use super::window;
use crate::activations;
use crate::error::Problem;
use crate::quantization::multiplier;
use crate::step::Step;
use crate::tensor::{Tensor, Weights};
use crate::weights::Channels;

/// Lowers CONV_2D.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let ends = [context.input(0)?.1, context.output()?.1];
    let shape = shape(context, ends)?;
    let quantised = channels_of(context, &shape.weights, shape.channels)?;
    let stream = quantised.dense(shape.elements, &|channel, element| {
        shape.weight(channel, element)
    });
    step(
        context,
        Body::Conv2D(shape.window),
        3,
        stream,
        shape.products,
    )
}

/// Lowers DEPTHWISE_CONV_2D. With one input channel it is a Conv2D, whose
/// kernel is faster.
pub fn lower_depthwise(context: &Context) -> Result<Step, Problem> {
    let ends = [context.input(0)?.1, context.output()?.1];
    let shape = depthwise_shape(context, ends)?;
    let quantised = channels_of(context, &shape.weights, shape.channels)?;
    let weight = |channel: usize, tap: usize| shape.weight(channel, tap);
    let (body, stream) = if shape.window.input[2] == 1 {
        let stream = quantised.dense(shape.elements, &weight);
        (Body::Conv2D(shape.window), stream)
    } else {
        let stream = quantised.depthwise(shape.elements, &weight);
        (Body::DepthwiseConv2D(shape.window), stream)
    };
    step(context, body, 4, stream, shape.products)
}

/// A convolution of either element type: where its windows lie, and its weights.
pub struct Shape<'a> {
    pub window: Window,
    pub weights: Weights<'a>,
    /// Output channels.
    pub channels: usize,
    /// Weights of an output channel.
    pub elements: usize,
    /// Multiply-accumulates.
    pub products: u64,
    is_depthwise: bool,
}

impl Shape<'_> {
    /// A weight of an output channel.
    pub fn weight(&self, channel: usize, element: usize) -> i8 {
        let place = match self.is_depthwise {
            true => element * self.channels + channel,
            false => channel * self.elements + element,
        };
        self.weights.values[place] as i8
    }
}

/// What a CONV_2D from one tensor to another has.
pub fn shape<'a>(context: &Context<'a>, ends: [&Tensor; 2]) -> Result<Shape<'a>, Problem> {
    let dilation = window::dilation(context, 4)?;
    let filter = context.constant(1, "weights")?;
    let [channels, height, width, depth] = filter_shape(filter)?;
    let window = window::window(context, ends, [height, width], dilation)?;
    if usize::from(window.input[2]) != depth || usize::from(window.output[2]) != channels {
        return Err(filter.unexpected(format!(
            "[{}, height, width, {}]",
            window.output[2], window.input[2]
        )));
    }
    Ok(Shape {
        window,
        weights: filter.weights(channels, 0)?,
        channels,
        elements: height * width * depth,
        products: multiply_accumulates(&window, depth),
        is_depthwise: false,
    })
}

/// What a DEPTHWISE_CONV_2D from one tensor to another has.
pub fn depthwise_shape<'a>(
    context: &Context<'a>,
    ends: [&Tensor; 2],
) -> Result<Shape<'a>, Problem> {
    let dilation = window::dilation(context, 5)?;
    let filter = context.constant(1, "weights")?;
    let [one, height, width, channels] = filter_shape(filter)?;
    let window = window::window(context, ends, [height, width], dilation)?;
    let inputs = usize::from(window.input[2]);
    if one != 1 || usize::from(window.output[2]) != channels || channels % inputs != 0 {
        return Err(filter.unexpected(format!(
            "[1, height, width, {}], a multiple of {inputs}",
            window.output[2]
        )));
    }
    Ok(Shape {
        window,
        weights: filter.weights(channels, 3)?,
        channels,
        elements: height * width,
        products: multiply_accumulates(&window, 1),
        is_depthwise: true,
    })
}

/// The four sizes of a filter.
fn filter_shape(filter: &Tensor) -> Result<[usize; 4], Problem> {
    let shape = filter.shape()?;
    shape
        .try_into()
        .map_err(|shape: Vec<usize>| Problem::Dimensions {
            tensor: filter.name.clone(),
            found: shape.len(),
            supported: "4",
        })
}

fn channels_of(context: &Context, weights: &Weights, channels: usize) -> Result<Channels, Problem> {
    let (input_scale, input_zero_point) = context.input(0)?.1.quantization()?;
    let (output_scale, _) = context.output()?.1.quantization()?;
    let factor = |scale: &f32| {
        multiplier(f64::from(input_scale) * f64::from(*scale) / f64::from(output_scale))
    };
    Ok(Channels {
        biases: context.biases(channels)?,
        factors: weights.scales.iter().map(factor).collect(),
        input_zero_point,
    })
}

/// Multiply-accumulates of a convolution whose outputs see `depth` input channels.
fn multiply_accumulates(window: &Window, depth: usize) -> u64 {
    let outputs: u64 = window.output.iter().map(|size| u64::from(*size)).product();
    let kernel: u64 = window.kernel.iter().map(|size| u64::from(*size)).product();
    outputs.saturating_mul(kernel).saturating_mul(depth as u64)
}

fn step(
    context: &Context,
    body: Body,
    activation: usize,
    weights: Vec<u8>,
    multiply_accumulates: u64,
) -> Result<Step, Problem> {
    let (number, input) = context.input(0)?;
    let (output_number, output) = context.output()?;
    let (scale, zero_point) = output.quantization()?;
    let function = context.byte(activation, "fused activation function")?;
    let range = activations::range(function, scale, zero_point)?;
    let input = (number, input.quantization()?.1);
    let step = Step::new(context.node, body, input, (output_number, zero_point));
    Ok(Step {
        weights,
        multiply_accumulates,
        ..step.limited(range)
    })
}
