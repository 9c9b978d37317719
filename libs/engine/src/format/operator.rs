//! Operators as values: what each kind has.

use super::int16::Int16;
use crate::fixed_point::Multiplier;

/// Zero points and activation range of an operator, and where its tensors lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Common {
    /// The input value that stands for zero; fills padding.
    pub input_zero_point: i8,
    /// The output value that stands for zero.
    pub output_zero_point: i8,
    /// Least output; 0 where the operator has a range of its own, as int16 ones have.
    pub minimum: i8,
    /// Greatest output; likewise.
    pub maximum: i8,
    /// Arena offset of the input.
    pub input_offset: u32,
    /// Arena offset of the output.
    pub output_offset: u32,
}

/// Shape of an operator that slides a window over an image (NHWC, batch 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Arena offset of the operator's scratch area.
    pub scratch_offset: u32,
    /// Input height, width and channels.
    pub input: [u16; 3],
    /// Output height, width and channels.
    pub output: [u16; 3],
    /// Kernel height and width.
    pub kernel: [u16; 2],
    /// Stride down and across.
    pub stride: [u8; 2],
    /// Padding above and to the left.
    pub padding: [u8; 2],
    /// Rows and columns of the input that lie between one tap of the kernel and
    /// the next: dilation − 1.
    pub gaps: [u8; 2],
}

/// Shape of a matrix that multiplies one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FullyConnected {
    /// Elements of the input.
    pub inputs: u32,
    /// Elements of the output.
    pub outputs: u32,
}

/// A tensor that gets another shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reshape {
    /// Elements of the tensor.
    pub length: u32,
}

/// Rows to be normalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Softmax {
    /// Rows of the tensor.
    pub rows: u32,
    /// Elements in a row, 1..=4095.
    pub row_length: u32,
    /// Fixed-point factor of a difference of inputs.
    pub multiplier: i32,
    /// Power of two that goes with the multiplier, 0..=31.
    pub left_shift: i32,
    /// Differences below this count as nothing; not positive.
    pub least_difference: i32,
}

/// Two tensors, the second of which may be the smaller: its elements, each
/// `more_each` more times in succession, and all of that `more_all` more times,
/// are as many as the first's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operands {
    /// Elements of the first input and of the output.
    pub length: u32,
    /// Arena offset of the second input.
    pub second_offset: u32,
    /// The second input's zero point.
    pub second_zero_point: i8,
    /// How often an element of the second input is used again at once.
    pub more_each: u32,
    /// How often the whole second input is used again.
    pub more_all: u32,
}

/// Sum of two tensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Add {
    /// The tensors.
    pub operands: Operands,
    /// Factor of the first input, at most 1 (so are the others).
    pub first: Multiplier,
    /// Factor of the second input.
    pub second: Multiplier,
    /// Factor of the sum.
    pub output: Multiplier,
}

/// Product of two tensors, element by element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mul {
    /// The tensors.
    pub operands: Operands,
    /// Factor of the product.
    pub factor: Multiplier,
}

/// Means along the middle dimension of three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mean {
    /// Elements along the dimensions before.
    pub outer: u32,
    /// Elements that become one.
    pub reduced: u32,
    /// Elements along the dimensions after.
    pub inner: u32,
    /// Factor of a sum.
    pub factor: Multiplier,
}

/// Any function of one int8, by its 256 values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Elements of the tensor.
    pub length: u32,
}

/// A tensor that becomes a part of a larger one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Shape of the input.
    pub input: [u16; 4],
    /// Shape of the output.
    pub output: [u16; 4],
    /// Where in the output the input's first element goes.
    pub start: [u16; 4],
    /// What the rest of the output becomes; nothing leaves it as it is.
    pub fill: Option<i8>,
}

/// A tensor whose elements are repeated, or in another order: the element at `(a, b,
/// c, d)` is element `a × strides[0] + b × strides[1] + …` of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StridedCopy {
    /// Shape of the output.
    pub shape: [u32; 4],
    /// Elements of the input from one element along a dimension to the next; 0 where
    /// they repeat.
    pub strides: [u32; 4],
}

/// A tensor that comes with the weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constant {
    /// Elements of the tensor.
    pub length: u32,
}

/// What an operator does, with all it needs but weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Convolution with every input channel.
    Conv2D(Window),
    /// Convolution with one input channel for each output channel.
    DepthwiseConv2D(Window),
    /// Mean over each window.
    AveragePool2D(Window),
    /// Matrix times vector.
    FullyConnected(FullyConnected),
    /// The same bytes under another shape.
    Reshape(Reshape),
    /// Normalised exponentials of each row.
    Softmax(Softmax),
    /// Sum of two tensors.
    Add(Add),
    /// Greatest of each window.
    MaxPool2D(Window),
    /// Product of two tensors.
    Mul(Mul),
    /// Mean along some dimensions.
    Mean(Mean),
    /// A function of each element.
    Table(Table),
    /// A tensor inside another: padding and concatenation.
    Place(Place),
    /// A tensor from the stream.
    Constant(Constant),
    /// Broadcasting, and another order of dimensions.
    StridedCopy(StridedCopy),
    /// An operator on int16 activations.
    Int16(Int16),
}

/// One operator of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// What every kind has.
    pub common: Common,
    /// What this kind has.
    pub body: Body,
}
