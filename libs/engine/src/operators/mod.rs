//! The operators, one file each: what each needs, and how it computes.

mod add;
mod average_pool;
mod convolution;
mod depthwise_convolution;
mod dot;
mod exponential;
mod fully_connected;
mod geometry;
mod requantize;
mod reshape;
mod softmax;

use crate::arena::Area;
use crate::error::{OperatorFault, RunError};
use crate::format::{Body, Operator};
use crate::stream::Stream;

/// What an operator takes from the plan and the arena.
pub struct Needs {
    /// Length of its part of the weight stream.
    pub weight_bytes: u32,
    /// Row buffer that it cannot do without.
    pub row_bytes: u32,
    /// Where its output lies.
    pub output: Area,
}

impl Needs {
    /// For operators without weights.
    fn no_weights(output: Area) -> Self {
        Self {
            weight_bytes: 0,
            row_bytes: 0,
            output,
        }
    }
}

/// Checks everything that [`run`] relies on.
pub fn check(operator: &Operator, arena_bytes: u32) -> Result<Needs, OperatorFault> {
    let common = &operator.common;
    if common.minimum > common.maximum {
        return Err(OperatorFault::Activation);
    }
    match &operator.body {
        Body::Conv2D(window) => convolution::check(common, window, arena_bytes),
        Body::DepthwiseConv2D(window) => depthwise_convolution::check(common, window, arena_bytes),
        Body::AveragePool2D(window) => average_pool::check(common, window, arena_bytes),
        Body::FullyConnected(body) => fully_connected::check(common, body, arena_bytes),
        Body::Reshape(body) => reshape::check(common, body, arena_bytes),
        Body::Softmax(body) => softmax::check(common, body, arena_bytes),
        Body::Add(body) => add::check(common, body, arena_bytes),
    }
}

/// Runs one checked operator.
pub fn run(
    operator: &Operator,
    weights: &mut Stream,
    row_buffer: &mut [u8],
    arena: &mut [u8],
) -> Result<(), RunError> {
    let common = &operator.common;
    match &operator.body {
        Body::Conv2D(window) => convolution::run(common, window, weights, row_buffer, arena),
        Body::DepthwiseConv2D(window) => {
            depthwise_convolution::run(common, window, weights, row_buffer, arena)
        }
        Body::AveragePool2D(window) => average_pool::run(common, window, arena),
        Body::FullyConnected(body) => fully_connected::run(common, body, weights, arena),
        Body::Reshape(body) => reshape::run(common, body, arena),
        Body::Softmax(body) => softmax::run(common, body, arena),
        Body::Add(body) => add::run(common, body, arena),
    }
}
