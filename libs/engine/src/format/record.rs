//! Operators as bytes: 48 of them each.

use super::bytes::{put, take};
use super::operator::{
    Add, Body, Common, Constant, FullyConnected, Mean, Mul, Operands, Operator, Place, Reshape,
    Softmax, Table, Window,
};
use super::RECORD_BYTES;
use crate::error::OperatorFault;
use crate::fixed_point::Multiplier;

/// A view over an operator's bytes.
#[derive(Clone, Copy)]
pub struct Record<'a>(pub &'a [u8; RECORD_BYTES]);

impl Record<'_> {
    fn i8(&self, offset: usize) -> i8 {
        i8::from_le_bytes(take(self.0, offset))
    }

    fn u16(&self, offset: usize) -> u16 {
        u16::from_le_bytes(take(self.0, offset))
    }

    fn u32(&self, offset: usize) -> u32 {
        u32::from_le_bytes(take(self.0, offset))
    }

    fn multiplier(&self, offset: usize, shift_offset: usize) -> Multiplier {
        Multiplier {
            multiplier: self.u32(offset) as i32,
            shift: i32::from(self.i8(shift_offset)),
        }
    }

    fn sizes<const N: usize>(&self, offset: usize) -> [u16; N] {
        core::array::from_fn(|index| self.u16(offset + 2 * index))
    }

    fn window(&self) -> Window {
        Window {
            scratch_offset: self.u32(16),
            input: self.sizes(20),
            output: self.sizes(26),
            kernel: self.sizes(32),
            stride: take(self.0, 36),
            padding: take(self.0, 38),
            gaps: take(self.0, 40),
        }
    }

    fn softmax(&self) -> Softmax {
        Softmax {
            rows: self.u32(16),
            row_length: self.u32(20),
            multiplier: self.u32(24) as i32,
            left_shift: self.u32(28) as i32,
            least_difference: self.u32(32) as i32,
        }
    }

    fn operands(&self) -> Operands {
        Operands {
            length: self.u32(16),
            second_offset: self.u32(20),
            second_zero_point: self.i8(24),
            more_each: self.u32(40),
            more_all: self.u32(44),
        }
    }

    fn add(&self) -> Add {
        Add {
            operands: self.operands(),
            first: self.multiplier(28, 25),
            second: self.multiplier(32, 26),
            output: self.multiplier(36, 27),
        }
    }

    fn mean(&self) -> Mean {
        Mean {
            outer: self.u32(16),
            reduced: self.u32(20),
            inner: self.u32(24),
            factor: self.multiplier(28, 32),
        }
    }

    fn place(&self) -> Result<Place, OperatorFault> {
        let fill = match take(self.0, 40) {
            [0, 0] => None,
            [1, value] => Some(value as i8),
            _ => return Err(OperatorFault::ReservedByte),
        };
        Ok(Place {
            input: self.sizes(16),
            output: self.sizes(24),
            start: self.sizes(32),
            fill,
        })
    }

    /// The operator that the bytes describe. Says nothing about whether its
    /// tensors fit: [`Plan::validate`](crate::Plan::validate) does.
    ///
    /// # Errors
    /// `UnknownKind` or `ReservedByte`.
    pub fn parse(&self) -> Result<Operator, OperatorFault> {
        let [kind] = take(self.0, 0);
        let length = self.u32(16);
        let (body, used) = match kind {
            1 => (Body::Conv2D(self.window()), 42),
            2 => (Body::DepthwiseConv2D(self.window()), 42),
            3 => (Body::AveragePool2D(self.window()), 42),
            4 => {
                let (inputs, outputs) = (length, self.u32(20));
                (Body::FullyConnected(FullyConnected { inputs, outputs }), 24)
            }
            5 => (Body::Reshape(Reshape { length }), 20),
            6 => (Body::Softmax(self.softmax()), 36),
            7 => (Body::Add(self.add()), 48),
            8 => (Body::MaxPool2D(self.window()), 42),
            9 => {
                let (operands, factor) = (self.operands(), self.multiplier(28, 25));
                if take(self.0, 26) != [0; 2] || take(self.0, 32) != [0; 8] {
                    return Err(OperatorFault::ReservedByte);
                }
                (Body::Mul(Mul { operands, factor }), 48)
            }
            10 => (Body::Mean(self.mean()), 33),
            11 => (Body::Table(Table { length }), 20),
            12 => (Body::Place(self.place()?), 42),
            13 => (Body::Constant(Constant { length }), 20),
            _ => return Err(OperatorFault::UnknownKind(kind)),
        };
        let reserved = self
            .0
            .iter()
            .skip(used)
            .chain(self.0.iter().skip(5).take(3));
        if reserved.into_iter().any(|byte| *byte != 0) {
            return Err(OperatorFault::ReservedByte);
        }
        let common = Common {
            input_zero_point: self.i8(1),
            output_zero_point: self.i8(2),
            minimum: self.i8(3),
            maximum: self.i8(4),
            input_offset: self.u32(8),
            output_offset: self.u32(12),
        };
        Ok(Operator { common, body })
    }
}

impl Operator {
    /// Writes the operator's record.
    pub fn emit(&self, bytes: &mut [u8; RECORD_BYTES]) {
        bytes.fill(0);
        let common = &self.common;
        put(bytes, 1, common.input_zero_point.to_le_bytes());
        put(bytes, 2, common.output_zero_point.to_le_bytes());
        put(bytes, 3, common.minimum.to_le_bytes());
        put(bytes, 4, common.maximum.to_le_bytes());
        put(bytes, 8, common.input_offset.to_le_bytes());
        put(bytes, 12, common.output_offset.to_le_bytes());
        let kind = match self.body {
            Body::Conv2D(window) => window.emit(bytes, 1),
            Body::DepthwiseConv2D(window) => window.emit(bytes, 2),
            Body::AveragePool2D(window) => window.emit(bytes, 3),
            Body::FullyConnected(body) => words(bytes, &[body.inputs, body.outputs], 4),
            Body::Reshape(body) => words(bytes, &[body.length], 5),
            Body::Softmax(body) => {
                let factor = [body.multiplier, body.left_shift, body.least_difference];
                let [multiplier, shift, least] = factor.map(|value| value as u32);
                let fields = [body.rows, body.row_length, multiplier, shift, least];
                words(bytes, &fields, 6)
            }
            Body::Add(body) => {
                body.operands.emit(bytes);
                for (index, factor) in [body.first, body.second, body.output].iter().enumerate() {
                    factor.emit(bytes, 28 + 4 * index, 25 + index);
                }
                7
            }
            Body::MaxPool2D(window) => window.emit(bytes, 8),
            Body::Mul(body) => {
                body.operands.emit(bytes);
                body.factor.emit(bytes, 28, 25);
                9
            }
            Body::Mean(body) => {
                body.factor.emit(bytes, 28, 32);
                words(bytes, &[body.outer, body.reduced, body.inner], 10)
            }
            Body::Table(body) => words(bytes, &[body.length], 11),
            Body::Place(body) => {
                sizes(bytes, 16, body.input.iter().chain(&body.output));
                sizes(bytes, 32, &body.start);
                if let Some(value) = body.fill {
                    put(bytes, 40, [1, value as u8]);
                }
                12
            }
            Body::Constant(body) => words(bytes, &[body.length], 13),
        };
        put(bytes, 0, [kind]);
    }
}

/// Writes 32-bit fields from byte 16 on, and passes the kind on.
fn words(bytes: &mut [u8; RECORD_BYTES], words: &[u32], kind: u8) -> u8 {
    for (index, word) in words.iter().enumerate() {
        put(bytes, 16 + 4 * index, word.to_le_bytes());
    }
    kind
}

/// Writes 16-bit fields from byte `offset` on.
fn sizes<'a>(
    bytes: &mut [u8; RECORD_BYTES],
    offset: usize,
    sizes: impl IntoIterator<Item = &'a u16>,
) {
    for (index, size) in sizes.into_iter().enumerate() {
        put(bytes, offset + 2 * index, size.to_le_bytes());
    }
}

impl Multiplier {
    fn emit(&self, bytes: &mut [u8; RECORD_BYTES], offset: usize, shift_offset: usize) {
        put(bytes, offset, self.multiplier.to_le_bytes());
        put(bytes, shift_offset, (self.shift as i8).to_le_bytes());
    }
}

impl Operands {
    fn emit(&self, bytes: &mut [u8; RECORD_BYTES]) {
        put(bytes, 16, self.length.to_le_bytes());
        put(bytes, 20, self.second_offset.to_le_bytes());
        put(bytes, 24, self.second_zero_point.to_le_bytes());
        put(bytes, 40, self.more_each.to_le_bytes());
        put(bytes, 44, self.more_all.to_le_bytes());
    }
}

impl Window {
    fn emit(&self, bytes: &mut [u8; RECORD_BYTES], kind: u8) -> u8 {
        put(bytes, 16, self.scratch_offset.to_le_bytes());
        let fields = self.input.iter().chain(&self.output).chain(&self.kernel);
        sizes(bytes, 20, fields);
        put(bytes, 36, self.stride);
        put(bytes, 38, self.padding);
        put(bytes, 40, self.gaps);
        kind
    }
}
