//! Operators on int16 activations with int8 weights, as TensorFlow Lite Micro
//! (commit 90b983c2b) prepares them.

mod channels;
mod convolution;
mod fully_connected;
mod mean;
mod pair;
mod pooling;
mod rescale;
mod sigmoid;
mod softmax;

use anchorhold_engine::format::int16::{Int16, Operation};
use anchorhold_engine::format::{Body, Common};

use super::context::Context;
use super::{concatenation, pad, reshape};
use crate::builtin;
use crate::error::Problem;
use crate::step::Step;

/// Lowers an operator on int16 activations, mostly to one of the engine's.
pub fn lower(context: &Context) -> Result<Vec<Step>, Problem> {
    let step = match context.node.code {
        builtin::ADD => pair::add(context),
        builtin::AVERAGE_POOL_2D => pooling::average(context),
        builtin::CONCATENATION => return concatenation::lower(context),
        builtin::CONV_2D => convolution::lower(context),
        builtin::DEPTHWISE_CONV_2D => convolution::lower_depthwise(context),
        builtin::FULLY_CONNECTED => fully_connected::lower(context),
        builtin::LEAKY_RELU => rescale::leaky_relu(context),
        builtin::LOGISTIC => sigmoid::logistic(context),
        builtin::MAX_POOL_2D => pooling::max(context),
        builtin::MEAN => mean::lower(context),
        builtin::MUL => pair::mul(context),
        builtin::PAD | builtin::PADV2 => return pad::lower(context),
        builtin::QUANTIZE => rescale::quantize(context),
        builtin::RELU => rescale::relu(context),
        builtin::RELU6 => rescale::relu6(context),
        builtin::RESHAPE => reshape::lower(context),
        builtin::SOFTMAX => softmax::lower(context),
        builtin::TANH => sigmoid::tanh(context),
        _ => Err(context.unsupported()),
    };
    Ok(vec![step?])
}

/// A range that excludes nothing.
const WHOLE: (i16, i16) = (i16::MIN, i16::MAX);

/// A step without weights that makes the output of the first input.
fn step(
    context: &Context,
    operation: Operation,
    (minimum, maximum): (i16, i16),
) -> Result<Step, Problem> {
    let (input, input_tensor) = context.activation(0)?;
    let (output, output_tensor) = context.result()?;
    Ok(Step {
        node: context.node.index,
        name: context.node.name.clone(),
        common: Common {
            input_zero_point: input_tensor.quantization()?.1,
            output_zero_point: output_tensor.quantization()?.1,
            minimum: 0,
            maximum: 0,
            input_offset: 0,
            output_offset: 0,
        },
        body: Body::Int16(Int16 {
            minimum,
            maximum,
            operation,
        }),
        inputs: vec![input],
        output,
        weights: Vec::new(),
        multiply_accumulates: 0,
    })
}
