//! Operators as bytes: 48 of them each.

use super::bytes::put;
use super::int16;
use super::operator::{
    Add, Body, Common, FullyConnected, Operands, Operator, Reshape, Softmax, Window,
};
use super::{others, RECORD_BYTES};
use crate::error::OperatorFault;
use crate::fixed_point::Multiplier;

/// A view over an operator's bytes.
#[derive(Clone, Copy)]
pub struct Record<'a>(pub &'a [u8; RECORD_BYTES]);

/// A record's bytes as little-endian words, from which fields are cheap to take: all
/// callers pass constant offsets inside the record.
pub struct Fields([u32; RECORD_BYTES / 4]);

impl Fields {
    fn of(record: &[u8; RECORD_BYTES]) -> Self {
        let mut words = [0; RECORD_BYTES / 4];
        for (word, bytes) in words.iter_mut().zip(record.as_chunks().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        Self(words)
    }

    /// The bytes of a word from `offset` on.
    pub(super) fn u32(&self, offset: usize) -> u32 {
        let word = self.0.get(offset / 4).copied().unwrap_or_default();
        word >> (8 * (offset % 4))
    }

    pub(super) fn u16(&self, offset: usize) -> u16 {
        self.u32(offset) as u16
    }

    pub(super) fn u8(&self, offset: usize) -> u8 {
        self.u32(offset) as u8
    }

    pub(super) fn i8(&self, offset: usize) -> i8 {
        self.u8(offset) as i8
    }

    /// Whether every byte is zero from `offset` on.
    pub(super) fn is_zero(&self, offset: usize) -> bool {
        let whole = self.0.iter().skip(offset / 4 + 1);
        self.u32(offset) == 0 && whole.fold(0, |all, word| all | word) == 0
    }

    pub(super) fn multiplier(&self, offset: usize, shift_offset: usize) -> Multiplier {
        Multiplier {
            multiplier: self.u32(offset) as i32,
            shift: i32::from(self.i8(shift_offset)),
        }
    }

    pub(super) fn sizes<const N: usize>(&self, offset: usize) -> [u16; N] {
        core::array::from_fn(|index| self.u16(offset + 2 * index))
    }

    pub(super) fn words<const N: usize>(&self, offset: usize) -> [u32; N] {
        core::array::from_fn(|index| self.u32(offset + 4 * index))
    }

    pub(super) fn window(&self) -> Window {
        Window {
            scratch_offset: self.u32(16),
            input: self.sizes(20),
            output: self.sizes(26),
            kernel: self.sizes(32),
            stride: [self.u8(36), self.u8(37)],
            padding: [self.u8(38), self.u8(39)],
            gaps: [self.u8(40), self.u8(41)],
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

    pub(super) fn operands(&self) -> Operands {
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
}

impl Record<'_> {
    /// The operator that the bytes describe. Says nothing about whether its
    /// tensors fit: [`Plan::validate`](crate::Plan::validate) does.
    ///
    /// # Errors
    /// `UnknownKind` or `ReservedByte`.
    pub fn parse(&self) -> Result<Operator, OperatorFault> {
        let fields = Fields::of(self.0);
        let kind = fields.u8(0);
        if kind >= int16::FIRST_KIND {
            return int16::parse(&fields);
        }
        let length = fields.u32(16);
        let (body, used) = match kind {
            1 => (Body::Conv2D(fields.window()), 42),
            2 => (Body::DepthwiseConv2D(fields.window()), 42),
            3 => (Body::AveragePool2D(fields.window()), 42),
            4 => {
                let (inputs, outputs) = (length, fields.u32(20));
                (Body::FullyConnected(FullyConnected { inputs, outputs }), 24)
            }
            5 => (Body::Reshape(Reshape { length }), 20),
            6 => (Body::Softmax(fields.softmax()), 36),
            7 => (Body::Add(fields.add()), RECORD_BYTES),
            _ => others::parse(&fields, kind)?,
        };
        // Three bytes from the fifth on, and what is left.
        if fields.u32(4) & 0xffff_ff00 != 0 || !fields.is_zero(used) {
            return Err(OperatorFault::ReservedByte);
        }
        let common = Common {
            input_zero_point: fields.i8(1),
            output_zero_point: fields.i8(2),
            minimum: fields.i8(3),
            maximum: fields.i8(4),
            input_offset: fields.u32(8),
            output_offset: fields.u32(12),
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
            Body::StridedCopy(body) => words(bytes, [body.shape, body.strides].as_flattened(), 14),
            Body::Int16(body) => body.emit(bytes),
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
    pub(super) fn emit(&self, bytes: &mut [u8; RECORD_BYTES], offset: usize, shift_offset: usize) {
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
    pub(super) fn emit(&self, bytes: &mut [u8; RECORD_BYTES], kind: u8) -> u8 {
        put(bytes, 16, self.scratch_offset.to_le_bytes());
        let fields = self.input.iter().chain(&self.output).chain(&self.kernel);
        sizes(bytes, 20, fields);
        put(bytes, 36, self.stride);
        put(bytes, 38, self.padding);
        put(bytes, 40, self.gaps);
        kind
    }
}
