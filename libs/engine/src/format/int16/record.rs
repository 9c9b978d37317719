//! Operators on int16 activations as bytes.

use super::{
    Convolution, Fill, Function, Int16, Matrix, Mean16, Operation, Pair, Rescale, Sigmoid,
    Softmax16, Sums,
};
use crate::error::OperatorFault;
use crate::format::bytes::put;
use crate::format::element::Element;
use crate::format::operator::{Body, Common, FullyConnected, Operator};
use crate::format::record::Fields;
use crate::format::RECORD_BYTES;

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

/// The operator that a record describes whose kind is [`FIRST_KIND`](super::FIRST_KIND) or greater.
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
    pub(in crate::format) fn emit(&self, bytes: &mut [u8; RECORD_BYTES]) -> u8 {
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
