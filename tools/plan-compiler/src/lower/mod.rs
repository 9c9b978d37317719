//! From a graph's operators to the engine's, one file a family.

mod add;
mod concatenation;
mod context;
mod convolution;
mod fully_connected;
mod function;
mod int16;
mod mean;
mod mul;
mod operands;
mod pad;
mod pooling;
mod reshape;
mod sigmoid;
mod softmax;
mod window;

use crate::builtin;
use crate::error::Problem;
use crate::model::{Model, Node};
use crate::step::Step;
pub use context::Context;
pub use mean::{axes, split};
pub use operands::{aligned, repeats};

/// Lowers one operator, mostly to one of the engine's.
pub fn lower(model: &Model, node: &Node) -> Result<Vec<Step>, Problem> {
    let context = &Context { model, node };
    if context.is_on_int16() {
        return int16::lower(context);
    }
    let step = match node.code {
        builtin::ADD => add::lower(context),
        builtin::AVERAGE_POOL_2D => pooling::lower_average(context),
        builtin::CONCATENATION => return concatenation::lower(context),
        builtin::CONV_2D => convolution::lower(context),
        builtin::DEPTHWISE_CONV_2D => convolution::lower_depthwise(context),
        builtin::FULLY_CONNECTED => fully_connected::lower(context),
        builtin::LEAKY_RELU => function::leaky_relu(context),
        builtin::LOGISTIC => sigmoid::logistic(context),
        builtin::MAX_POOL_2D => pooling::lower_max(context),
        builtin::MEAN => mean::lower(context),
        builtin::MUL => mul::lower(context),
        builtin::PAD | builtin::PADV2 => return pad::lower(context),
        builtin::QUANTIZE => function::quantize(context),
        builtin::RELU => function::relu(context),
        builtin::RELU6 => function::relu6(context),
        builtin::RESHAPE => reshape::lower(context),
        builtin::SOFTMAX => softmax::lower(context),
        builtin::TANH => sigmoid::tanh(context),
        _ => Err(context.unsupported()),
    };
    Ok(vec![step?])
}
