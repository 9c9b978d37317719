//! Operators on int16 activations.
//!
//! What they have in common with the int8 operators of the same name has the same
//! type and the same place. Zero points are 0, but for int8 ends of [`Rescale`].
//! Lengths count elements, of two bytes each. Reshape, Place and Constant move bytes
//! and have no int16 form: for int16 tensors their lengths count bytes.

mod record;
#[cfg(test)]
mod tests;

use super::element::Element;
use super::operator::{FullyConnected, Window};
use super::GROUP;
use crate::fixed_point::Multiplier;

pub(super) use record::parse;

/// The least kind number of an operator on int16 activations.
pub const FIRST_KIND: u8 = 32;
/// Biases, multipliers and shifts of a group of channels.
pub const INT16_GROUP_HEADER_BYTES: usize = GROUP * (8 + 4 + 1);
/// Length of a [`Sigmoid`]'s table: 256 values of 16 bits.
pub const SIGMOID_TABLE_BYTES: usize = 512;
/// Values of one of a [`Softmax16`]'s two tables.
pub const SOFTMAX_TABLE: usize = 513;

/// How products are summed and become an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sums {
    /// In 64 bits, then times a multiplier of 16 bits, rounded once.
    Wide = 0,
    /// In 32 bits, then times a multiplier of 32 bits, rounded twice.
    Narrow = 1,
}

/// A convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// Its shape; there is no scratch area.
    pub window: Window,
    /// How it sums.
    pub sums: Sums,
}

/// A matrix that multiplies one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Its shape.
    pub shape: FullyConnected,
    /// How it sums.
    pub sums: Sums,
}

/// Two tensors, the second of which may be the smaller: its elements, each
/// `more_each` more times in succession, and all of that `more_all` more times, are
/// as many as the first's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Elements of the first input and of the output.
    pub length: u32,
    /// Arena offset of the second input.
    pub second_offset: u32,
    /// How often an element of the second input is used again at once.
    pub more_each: u32,
    /// How often the whole second input is used again.
    pub more_all: u32,
}

/// Means along the middle dimension of three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mean16 {
    /// Elements along the dimensions before.
    pub outer: u32,
    /// Elements that become one, 1..=65,536.
    pub reduced: u32,
    /// Elements along the dimensions after.
    pub inner: u32,
    /// Factor of a sum.
    pub factor: Multiplier,
}

/// Rows to be normalised; the tables of exponentials and reciprocals come with the
/// weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Softmax16 {
    /// Rows of the tensor.
    pub rows: u32,
    /// Elements in a row, 1..=65,535.
    pub row_length: u32,
    /// Factor from a difference of inputs to steps of 10 ÷ 65,535; its shift is at
    /// most 15.
    pub factor: Multiplier,
}

/// The function of a [`Sigmoid`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `1 ÷ (1 + e^−x)`.
    Logistic = 0,
    /// The hyperbolic tangent.
    Tanh = 1,
}

/// A function between two values of a table that comes with the weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sigmoid {
    /// Elements of the tensor.
    pub length: u32,
    /// Factor of an input.
    pub multiplier: u16,
    /// Bits that the product is shifted right by, rounding; 0..=31.
    pub shift: u8,
    /// Which function.
    pub function: Function,
}

/// Every element by itself, with one factor from zero up and another below: Relu,
/// Relu6, LeakyRelu and Quantize.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rescale {
    /// Elements of the tensor.
    pub length: u32,
    /// What the input's elements are.
    pub input: Element,
    /// What the output's elements are.
    pub output: Element,
    /// Factor of what is not negative.
    pub positive: Multiplier,
    /// Factor of what is.
    pub negative: Multiplier,
    /// Whether what is negative changes its sign after that.
    pub flips: bool,
}

/// A tensor of equal elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Elements of the tensor.
    pub length: u32,
    /// All of them.
    pub value: i16,
}

/// What an operator on int16 activations does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Convolution with every input channel.
    Conv2D(Convolution),
    /// Convolution with one input channel for each output channel.
    DepthwiseConv2D(Convolution),
    /// Mean over each window.
    AveragePool2D(Window),
    /// Matrix times vector.
    FullyConnected(Matrix),
    /// Normalised exponentials of each row.
    Softmax(Softmax16),
    /// Sum of two tensors, with factors of first, second and sum, at most 1.
    Add(Pair, [Multiplier; 3]),
    /// Greatest of each window.
    MaxPool2D(Window),
    /// Product of two tensors, with its factor.
    Mul(Pair, Multiplier),
    /// Mean along some dimensions.
    Mean(Mean16),
    /// Logistic and Tanh.
    Sigmoid(Sigmoid),
    /// Factors of each element.
    Rescale(Rescale),
    /// Equal elements.
    Fill(Fill),
}

/// An operator on int16 activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Int16 {
    /// Least output.
    pub minimum: i16,
    /// Greatest output.
    pub maximum: i16,
    /// What it does.
    pub operation: Operation,
}
