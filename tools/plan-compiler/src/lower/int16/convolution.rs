//! Conv2D and DepthwiseConv2D.

use anchorhold_engine::format::int16::{Convolution, Operation};

use super::channels::{factors, Channels};
use crate::activations;
use crate::error::Problem;
use crate::lower::context::Context;
use crate::lower::convolution::{self, Shape};
use crate::step::Step;
use crate::tensor::Tensor;

/// The option of CONV_2D that says which type biases have where there are none.
const BIAS_TYPE: usize = 6;

/// Lowers CONV_2D.
pub fn lower(context: &Context) -> Result<Step, Problem> {
    let (input, output) = (context.input16(0)?.1, context.output16()?.1);
    let shape = convolution::shape(context, [input, output])?;
    let (body, stream) = weigh(context, [input, output], &shape, Some(BIAS_TYPE))?;
    step(context, Operation::Conv2D(body), 3, stream, shape.products)
}

/// Lowers DEPTHWISE_CONV_2D, whose biases are int64.
pub fn lower_depthwise(context: &Context) -> Result<Step, Problem> {
    let (input, output) = (context.input16(0)?.1, context.output16()?.1);
    let shape = convolution::depthwise_shape(context, [input, output])?;
    let (body, stream) = weigh(context, [input, output], &shape, None)?;
    let operation = Operation::DepthwiseConv2D(body);
    step(context, operation, 4, stream, shape.products)
}

/// How the convolution sums, and its weights in the engine's order.
fn weigh(
    context: &Context,
    [input, output]: [&Tensor; 2],
    shape: &Shape,
    bias_type: Option<usize>,
) -> Result<(Convolution, Vec<u8>), Problem> {
    let factors = factors(input, &shape.weights, output)?;
    let quantised = Channels::new(context, output, &factors, bias_type)?;
    let stream = quantised.stream(shape.elements, &|channel, element| {
        shape.weight(channel, element)
    });
    let (window, sums) = (shape.window, quantised.sums);
    Ok((Convolution { window, sums }, stream))
}

fn step(
    context: &Context,
    operation: Operation,
    activation: usize,
    weights: Vec<u8>,
    multiply_accumulates: u64,
) -> Result<Step, Problem> {
    let (scale, _) = context.output16()?.1.quantization()?;
    let function = context.byte(activation, "fused activation function")?;
    let range = activations::range16(function, scale)?;
    Ok(Step {
        weights,
        multiply_accumulates,
        ..super::step(context, operation, range)?
    })
}
