//! The operators, one file each: what each needs, and how it computes.

mod add;
mod average_pool;
mod constant;
mod convolution;
mod depthwise_convolution;
mod depthwise_dilated;
mod dilation;
mod fully_connected;
mod geometry;
mod int16;
mod max_pool;
mod mean;
mod mul;
mod operands;
mod place;
mod pool;
mod requantize;
mod rescale;
mod reshape;
mod softmax;
mod strided_copy;
mod table;
#[cfg(not(target_arch = "arm"))]
mod tiles;
#[cfg(target_arch = "arm")]
mod windows;

use crate::arena::{Area, Areas};
use crate::error::{OperatorFault, RunError};
use crate::format::{Add, Body, Mul, Operator};
use crate::weights::Weights;

/// What an operator takes, wherever its tensors lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// Its input tensors, each.
    pub input: u32,
    /// Its output tensor.
    pub output: u32,
    /// Its scratch area in the arena.
    pub scratch: u32,
    /// Row buffer that it cannot do without: one group of channels, a table, or four
    /// constants.
    pub row: u32,
    /// Its part of the weight stream.
    pub weights: u32,
}

impl Lengths {
    /// For operators without weights.
    fn of_tensors(input: u32, output: u32) -> Self {
        Self {
            input,
            output,
            scratch: 0,
            row: 0,
            weights: 0,
        }
    }
}

impl Body {
    /// What the operator takes; the same arithmetic for the engine and for the
    /// compiler that plans its arena.
    ///
    /// # Errors
    /// The operator's numbers make no sense, or need more than 32 bits.
    pub fn lengths(&self) -> Result<Lengths, OperatorFault> {
        match self {
            Self::Conv2D(window) => convolution::lengths(window),
            Self::DepthwiseConv2D(window) => depthwise_convolution::lengths(window),
            Self::AveragePool2D(window) | Self::MaxPool2D(window) => pool::lengths(window),
            Self::FullyConnected(body) => fully_connected::lengths(body),
            Self::Reshape(body) => Ok(Lengths::of_tensors(body.length, body.length)),
            Self::Softmax(body) => softmax::lengths(body),
            Self::Add(body) => add::lengths(body),
            Self::Mul(body) => mul::lengths(body),
            Self::Mean(body) => mean::lengths(body),
            Self::Table(body) => Ok(table::lengths(body)),
            Self::Place(body) => place::lengths(body),
            Self::Constant(body) => constant::lengths(body),
            Self::StridedCopy(body) => strided_copy::lengths(body),
            Self::Int16(body) => int16::lengths(body),
        }
    }
}

/// Checks everything that [`run`] relies on; tells what the operator takes and
/// where its output lies.
pub fn check(operator: &Operator, arena_bytes: u32) -> Result<(Lengths, Area), OperatorFault> {
    let Operator { common, body } = operator;
    if common.minimum > common.maximum {
        return Err(OperatorFault::Activation);
    }
    let lengths = body.lengths()?;
    let output = match body {
        Body::Conv2D(window)
        | Body::DepthwiseConv2D(window)
        | Body::AveragePool2D(window)
        | Body::MaxPool2D(window) => {
            Areas::apart(common, &lengths, window.scratch_offset, arena_bytes)?.output
        }
        Body::FullyConnected(_) | Body::Mean(_) | Body::Place(_) | Body::StridedCopy(_) => {
            Areas::apart(common, &lengths, 0, arena_bytes)?.output
        }
        Body::Reshape(_) | Body::Softmax(_) | Body::Table(_) => {
            Areas::in_place(common, &lengths, arena_bytes)?.output
        }
        Body::Add(Add { operands, .. }) | Body::Mul(Mul { operands, .. }) => {
            operands::areas(common, operands, arena_bytes)?.1
        }
        Body::Constant(body) => constant::area(common, body, arena_bytes)?,
        Body::Int16(body) => int16::check(common, body, &lengths, arena_bytes)?,
    };
    Ok((lengths, output))
}

/// Runs one checked operator. `arena` is as long as the plan's arena.
pub fn run(operator: &Operator, weights: &mut Weights, arena: &mut [u8]) -> Result<(), RunError> {
    let common = &operator.common;
    match &operator.body {
        Body::Conv2D(window) => convolution::run(common, window, weights, arena),
        Body::DepthwiseConv2D(window) => depthwise_convolution::run(common, window, weights, arena),
        Body::AveragePool2D(window) => average_pool::run(common, window, arena),
        Body::FullyConnected(body) => fully_connected::run(common, body, weights, arena),
        Body::Reshape(body) => reshape::run(common, body, arena),
        Body::Softmax(body) => softmax::run(common, body, arena),
        Body::Add(body) => add::run(common, body, arena),
        Body::MaxPool2D(window) => max_pool::run(common, window, arena),
        Body::Mul(body) => mul::run(common, body, arena),
        Body::Mean(body) => mean::run(common, body, arena),
        Body::Table(body) => table::run(common, body, weights, arena),
        Body::Place(body) => place::run(common, body, arena),
        Body::Constant(body) => constant::run(common, body, weights, arena),
        Body::StridedCopy(body) => strided_copy::run(common, body, arena),
        Body::Int16(body) => int16::run(common, body, weights, arena),
    }
}
