//! What each operator takes.

use super::{convolution, fully_connected, mean, pair, pool, rescale, sigmoid, softmax};
use crate::error::OperatorFault;
use crate::format::int16::{Int16, Operation};
use crate::operators::{geometry, Lengths};

/// Bytes of an element.
const ELEMENT: u32 = 2;

/// What the operator takes.
#[inline(never)] // Apart from what every plan needs.
pub fn lengths(int16: &Int16) -> Result<Lengths, OperatorFault> {
    match &int16.operation {
        Operation::Conv2D(body) => convolution::lengths(body),
        Operation::DepthwiseConv2D(body) => convolution::lengths_depthwise(body),
        Operation::AveragePool2D(window) | Operation::MaxPool2D(window) => pool::lengths(window),
        Operation::FullyConnected(body) => fully_connected::lengths(body),
        Operation::Softmax(body) => softmax::lengths(body),
        Operation::Add(pair, factors) => pair::lengths_add(pair, factors),
        Operation::Mul(pair, factor) => pair::lengths_mul(pair, *factor),
        Operation::Mean(body) => mean::lengths(body),
        Operation::Sigmoid(body) => sigmoid::lengths(body),
        Operation::Rescale(body) => rescale::lengths(body),
        Operation::Fill(body) => of_tensors(0, body.length),
    }
}

/// For operators without weights: lengths of tensors of so many int16 elements.
pub fn of_tensors(input: u32, output: u32) -> Result<Lengths, OperatorFault> {
    Ok(Lengths::of_tensors(bytes(input)?, bytes(output)?))
}

/// Length of a tensor of so many elements.
pub fn bytes(elements: u32) -> Result<u32, OperatorFault> {
    geometry::product(&[elements, ELEMENT])
}
