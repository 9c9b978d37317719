//! Operators on int16 activations, as values and as the last 32 bytes of a record.
//!
//! What they have in common with the int8 operators of the same name has the same
//! type and the same place. Zero points are 0, but for int8 ends of [`Rescale`].
//! Lengths count elements, of two bytes each. Reshape, Place and Constant move bytes
//! and have no int16 form: for int16 tensors their lengths count bytes.

use super::bytes::put;
use super::element::Element;
use super::operator::{Body, Common, FullyConnected, Operator, Window};
use super::record::Fields;
use super::{GROUP, RECORD_BYTES};
use crate::error::OperatorFault;
use crate::fixed_point::Multiplier;

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

impl Fields {
    fn sums(&self, offset: usize) -> Result<Sums, OperatorFault> {
        match self.u8(offset) {
            0 => Ok(Sums::Wide),
            1 => Ok(Sums::Narrow),
            _ => Err(OperatorFault::ReservedByte),
        }
    }

    fn convolution(&self) -> Result<Convolution, OperatorFault> {
        Ok(Convolution {
            window: self.window(),
            sums: self.sums(42)?,
        })
    }

    fn pair(&self) -> Pair {
        Pair {
            length: self.u32(16),
            second_offset: self.u32(20),
            more_each: self.u32(24),
            more_all: self.u32(28),
        }
    }

    fn sigmoid(&self) -> Result<Sigmoid, OperatorFault> {
        Ok(Sigmoid {
            length: self.u32(16),
            multiplier: self.u16(20),
            shift: self.u8(22),
            function: match self.u8(23) {
                0 => Function::Logistic,
                1 => Function::Tanh,
                _ => return Err(OperatorFault::ReservedByte),
            },
        })
    }

    fn element(&self, offset: usize) -> Result<Element, OperatorFault> {
        Element::from_code(self.u8(offset)).ok_or(OperatorFault::ReservedByte)
    }

    fn rescale(&self) -> Result<Rescale, OperatorFault> {
        Ok(Rescale {
            length: self.u32(16),
            input: self.element(20)?,
            output: self.element(21)?,
            flips: match self.u16(22) {
                0 => false,
                1 => true,
                _ => return Err(OperatorFault::ReservedByte),
            },
            positive: self.multiplier(24, 32),
            negative: self.multiplier(28, 33),
        })
    }

    /// What the record of an operator on int16 activations says, but for the common
    /// fields, and where what is left of it starts.
    fn operation(&self) -> Result<(Operation, usize), OperatorFault> {
        let length = self.u32(16);
        let kind = self.u8(0);
        Ok(match kind {
            33 => (Operation::Conv2D(self.convolution()?), 43),
            34 => (Operation::DepthwiseConv2D(self.convolution()?), 43),
            35 => (Operation::AveragePool2D(self.window()), 42),
            36 => {
                let (inputs, outputs) = (length, self.u32(20));
                let shape = FullyConnected { inputs, outputs };
                let sums = self.sums(24)?;
                (Operation::FullyConnected(Matrix { shape, sums }), 25)
            }
            38 => {
                let (rows, row_length) = (length, self.u32(20));
                let factor = self.multiplier(24, 28);
                let softmax = Softmax16 {
                    rows,
                    row_length,
                    factor,
                };
                (Operation::Softmax(softmax), 29)
            }
            39 => {
                let factors = [(32, 44), (36, 45), (40, 46)];
                let factors = factors.map(|(at, shift_at)| self.multiplier(at, shift_at));
                (Operation::Add(self.pair(), factors), 47)
            }
            40 => (Operation::MaxPool2D(self.window()), 42),
            41 => (Operation::Mul(self.pair(), self.multiplier(32, 36)), 37),
            42 => {
                let (outer, reduced, inner) = (length, self.u32(20), self.u32(24));
                let factor = self.multiplier(28, 32);
                let mean = Mean16 {
                    outer,
                    reduced,
                    inner,
                    factor,
                };
                (Operation::Mean(mean), 33)
            }
            43 => (Operation::Sigmoid(self.sigmoid()?), 24),
            44 => (Operation::Rescale(self.rescale()?), 34),
            45 => {
                let value = self.u16(20) as i16;
                (Operation::Fill(Fill { length, value }), 22)
            }
            _ => return Err(OperatorFault::UnknownKind(kind)),
        })
    }
}

/// The operator that a record describes whose kind is [`FIRST_KIND`] or greater.
#[inline(never)] // Apart from what every plan needs.
pub fn parse(fields: &Fields) -> Result<Operator, OperatorFault> {
    let (operation, used) = fields.operation()?;
    if fields.u8(3) != 0 || !fields.is_zero(used) {
        return Err(OperatorFault::ReservedByte);
    }
    let common = Common {
        input_zero_point: fields.i8(1),
        output_zero_point: fields.i8(2),
        minimum: 0,
        maximum: 0,
        input_offset: fields.u32(8),
        output_offset: fields.u32(12),
    };
    let int16 = Int16 {
        minimum: fields.u16(4) as i16,
        maximum: fields.u16(6) as i16,
        operation,
    };
    let body = Body::Int16(int16);
    Ok(Operator { common, body })
}

impl Int16 {
    /// Writes what the common fields do not have; returns the kind.
    pub(super) fn emit(&self, bytes: &mut [u8; RECORD_BYTES]) -> u8 {
        put(bytes, 3, [0]);
        put(bytes, 4, self.minimum.to_le_bytes());
        put(bytes, 6, self.maximum.to_le_bytes());
        match self.operation {
            Operation::Conv2D(body) => body.emit(bytes, 33),
            Operation::DepthwiseConv2D(body) => body.emit(bytes, 34),
            Operation::AveragePool2D(window) => window.emit(bytes, 35),
            Operation::FullyConnected(body) => {
                words(bytes, 16, &[body.shape.inputs, body.shape.outputs]);
                put(bytes, 24, [body.sums as u8]);
                36
            }
            Operation::Softmax(body) => {
                words(bytes, 16, &[body.rows, body.row_length]);
                body.factor.emit(bytes, 24, 28);
                38
            }
            Operation::Add(pair, factors) => {
                pair.emit(bytes);
                for (index, factor) in factors.iter().enumerate() {
                    factor.emit(bytes, 32 + 4 * index, 44 + index);
                }
                39
            }
            Operation::MaxPool2D(window) => window.emit(bytes, 40),
            Operation::Mul(pair, factor) => {
                pair.emit(bytes);
                factor.emit(bytes, 32, 36);
                41
            }
            Operation::Mean(body) => {
                words(bytes, 16, &[body.outer, body.reduced, body.inner]);
                body.factor.emit(bytes, 28, 32);
                42
            }
            Operation::Sigmoid(body) => {
                words(bytes, 16, &[body.length]);
                put(bytes, 20, body.multiplier.to_le_bytes());
                put(bytes, 22, [body.shift, body.function as u8]);
                43
            }
            Operation::Rescale(body) => {
                words(bytes, 16, &[body.length]);
                put(
                    bytes,
                    20,
                    [body.input as u8, body.output as u8, u8::from(body.flips)],
                );
                body.positive.emit(bytes, 24, 32);
                body.negative.emit(bytes, 28, 33);
                44
            }
            Operation::Fill(body) => {
                words(bytes, 16, &[body.length]);
                put(bytes, 20, body.value.to_le_bytes());
                45
            }
        }
    }
}

/// Writes 32-bit fields from byte `offset` on.
fn words(bytes: &mut [u8; RECORD_BYTES], offset: usize, words: &[u32]) {
    for (index, word) in words.iter().enumerate() {
        put(bytes, offset + 4 * index, word.to_le_bytes());
    }
}

impl Convolution {
    fn emit(&self, bytes: &mut [u8; RECORD_BYTES], kind: u8) -> u8 {
        put(bytes, 42, [self.sums as u8]);
        self.window.emit(bytes, kind)
    }
}

impl Pair {
    fn emit(&self, bytes: &mut [u8; RECORD_BYTES]) {
        let fields = [
            self.length,
            self.second_offset,
            self.more_each,
            self.more_all,
        ];
        words(bytes, 16, &fields);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Record;
    use super::*;

    const WINDOW: Window = Window {
        scratch_offset: 0x1112_1314,
        input: [1, 2, 3],
        output: [4, 5, 6],
        kernel: [7, 8],
        stride: [9, 10],
        padding: [11, 12],
        gaps: [13, 14],
    };

    fn operations() -> [Operation; 14] {
        let factor = |multiplier, shift| Multiplier { multiplier, shift };
        let pair = Pair {
            length: 99,
            second_offset: 400,
            more_each: 2,
            more_all: 10,
        };
        let factors = [
            factor(1 << 30, 0),
            factor(1_234_567_890, -3),
            factor(2_000_000_000, -18),
        ];
        let [wide, narrow] = [Sums::Wide, Sums::Narrow].map(|sums| Convolution {
            window: WINDOW,
            sums,
        });
        [
            Operation::Conv2D(wide),
            Operation::Conv2D(narrow),
            Operation::DepthwiseConv2D(wide),
            Operation::AveragePool2D(WINDOW),
            Operation::FullyConnected(Matrix {
                shape: FullyConnected {
                    inputs: 70_000,
                    outputs: 3,
                },
                sums: Sums::Narrow,
            }),
            Operation::Softmax(Softmax16 {
                rows: 2,
                row_length: 12,
                factor: factors[1],
            }),
            Operation::Add(pair, factors),
            Operation::MaxPool2D(WINDOW),
            Operation::Mul(pair, factors[2]),
            Operation::Mean(Mean16 {
                outer: 1,
                reduced: 49,
                inner: 64,
                factor: factors[1],
            }),
            Operation::Sigmoid(Sigmoid {
                length: 7,
                multiplier: 32_767,
                shift: 9,
                function: Function::Logistic,
            }),
            Operation::Sigmoid(Sigmoid {
                length: 7,
                multiplier: 6,
                shift: 0,
                function: Function::Tanh,
            }),
            Operation::Rescale(Rescale {
                length: 77,
                input: Element::Int8,
                output: Element::Int16,
                positive: factors[0],
                negative: factors[1],
                flips: true,
            }),
            Operation::Fill(Fill {
                length: 21,
                value: -300,
            }),
        ]
    }

    fn operator(operation: Operation) -> Operator {
        Operator {
            common: Common {
                input_zero_point: -7,
                output_zero_point: 9,
                minimum: 0,
                maximum: 0,
                input_offset: 0x0102_0304,
                output_offset: 0x0506_0708,
            },
            body: Body::Int16(Int16 {
                minimum: -12_345,
                maximum: 23_456,
                operation,
            }),
        }
    }

    #[test]
    fn operators_survive_the_round_trip() {
        for operation in operations() {
            let operator = operator(operation);
            let mut bytes = [0xff; RECORD_BYTES];
            operator.emit(&mut bytes);
            assert_eq!(Record(&bytes).parse(), Ok(operator));
        }
    }

    #[test]
    fn every_byte_of_a_record_counts() {
        for operation in operations() {
            let operator = operator(operation);
            let mut bytes = [0; RECORD_BYTES];
            operator.emit(&mut bytes);
            for at in 0..RECORD_BYTES {
                let mut changed = bytes;
                changed[at] ^= 0x40;
                assert_ne!(Record(&changed).parse(), Ok(operator), "byte {at}");
            }
        }
    }

    #[test]
    fn other_kinds_are_unknown() {
        for kind in [15, 31, 32, 37, 46, 255] {
            let bytes = core::array::from_fn(|at| if at == 0 { kind } else { 0 });
            let refusal = Err(OperatorFault::UnknownKind(kind));
            assert_eq!(Record(&bytes).parse(), refusal);
        }
    }
}
