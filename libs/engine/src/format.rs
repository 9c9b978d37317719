//! The plan's bytes: header and operator records, read and written here alone.
//!
//! All integers are little-endian. `HeaderView` and [`Record`] are checked
//! views over bytes; [`Header`] and [`Operator`] are the parsed values. Reserved
//! bytes are zero, so that a value has exactly one encoding.
//!
//! ```text
//! plan   = header (52) ‖ record (48) × operators ‖ weights
//!
//! header 0 magic "AHPL"      4 engine ABI u16     6 operators u16
//!        8 plan bytes        12 resident bytes    16 arena bytes     20 row bytes
//!        24 input offset     28 input bytes       32 output offset   36 output bytes
//!        40 input multiplier i32   44 input shift i32   48 input zero point i8   49 reserved (3)
//!
//! record 0 kind u8           1 input zero point i8                   2 output zero point i8
//!        3 activation minimum i8                  4 maximum i8       5 reserved (3)
//!        8 input offset      12 output offset     16 by kind, the rest reserved:
//!   Conv2D, DepthwiseConv2D, AveragePool2D
//!        16 scratch offset   20 input height u16  22 width   24 channels
//!        26 output height    28 width             30 channels
//!        32 kernel height u16  34 width   36 stride height u8  37 width   38 padding top u8  39 left
//!   FullyConnected
//!        16 inputs           20 outputs
//!   Reshape
//!        16 length
//!   Softmax
//!        16 rows             20 row length        24 multiplier i32  28 left shift i32  32 least difference i32
//!   Add
//!        16 length           20 second offset     24 second zero point i8
//!        25 first shift i8   26 second shift i8   27 output shift i8
//!        28 first multiplier i32   32 second multiplier i32   36 output multiplier i32
//! ```
//!
//! Weights, per group of four output channels (the last group is padded with
//! zeros): bias i32 × 4, multiplier i32 × 4, shift i8 × 4, then the weights.
//! Conv2D and FullyConnected: for every four inputs in turn (padded with zeros),
//! four weights of each of the four channels. DepthwiseConv2D: for every tap of
//! the window in turn, one weight of each of the four channels. The bias already
//! contains −zero point × Σ weights, so that kernels multiply raw inputs.

use crate::error::{OperatorFault, PlanError};
use crate::fixed_point::{multiply, Multiplier};

/// The engine ABI that this engine runs; a manifest states the one it needs.
pub const ABI: u16 = 1;
/// Length of the header.
pub const HEADER_BYTES: usize = 52;
/// Length of an operator's record.
pub const RECORD_BYTES: usize = 48;
/// Output channels that share one group of weights.
pub const GROUP: usize = 4;
/// Bias, multiplier and shift of one group of channels.
pub const GROUP_HEADER_BYTES: usize = 36;

const MAGIC: [u8; 4] = *b"AHPL";

/// How a raw sensor count becomes a model input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputQuantization {
    /// Fixed-point factor of a count, in units of 2⁻³¹.
    pub multiplier: i32,
    /// Power of two that goes with the multiplier, −31..=15.
    pub shift: i32,
    /// The input that stands for zero.
    pub zero_point: i8,
}

impl InputQuantization {
    /// For inputs that are already the model's int8.
    pub const IDENTITY: Self = Self {
        multiplier: 1 << 30,
        shift: 1,
        zero_point: 0,
    };

    /// The model's input for a raw count, saturated to int8.
    pub fn quantize(&self, raw: i16) -> i8 {
        let factor = Multiplier {
            multiplier: self.multiplier,
            shift: self.shift,
        };
        multiply(i32::from(raw), factor)
            .saturating_add(i32::from(self.zero_point))
            .clamp(-128, 127) as i8
    }
}

/// What a caller must know to give a plan its buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Operators in the table.
    pub operators: u16,
    /// Length of the whole plan.
    pub plan_bytes: u32,
    /// Length of the part that must stay in memory: header and operator table.
    pub resident_bytes: u32,
    /// Length of the arena that holds all activations.
    pub arena_bytes: u32,
    /// Shortest row buffer; a longer one makes convolutions faster.
    pub row_bytes: u32,
    /// Where in the arena the input tensor starts.
    pub input_offset: u32,
    /// Length of the input tensor.
    pub input_bytes: u32,
    /// Where in the arena the output tensor starts.
    pub output_offset: u32,
    /// Length of the output tensor.
    pub output_bytes: u32,
    /// How raw sensor counts become inputs.
    pub input: InputQuantization,
}

impl Header {
    /// Reads and checks the header at the start of `first_bytes`.
    ///
    /// # Errors
    /// `Truncated`, `NotAPlan`, `UnknownAbi`, `InvalidHeader` or
    /// `TensorOutsideArena`.
    pub fn parse(first_bytes: &[u8]) -> Result<Self, PlanError> {
        let view = first_bytes.first_chunk().ok_or(PlanError::Truncated)?;
        HeaderView(view).parse()
    }

    /// Writes the header.
    pub fn emit(&self, bytes: &mut [u8; HEADER_BYTES]) {
        bytes.fill(0);
        put(bytes, 0, MAGIC);
        put(bytes, 4, ABI.to_le_bytes());
        put(bytes, 6, self.operators.to_le_bytes());
        let words = [
            self.plan_bytes,
            self.resident_bytes,
            self.arena_bytes,
            self.row_bytes,
            self.input_offset,
            self.input_bytes,
            self.output_offset,
            self.output_bytes,
            self.input.multiplier as u32,
            self.input.shift as u32,
        ];
        for (index, word) in words.into_iter().enumerate() {
            put(bytes, 8 + 4 * index, word.to_le_bytes());
        }
        put(bytes, 48, self.input.zero_point.to_le_bytes());
    }
}

/// A view over a header's bytes.
struct HeaderView<'a>(&'a [u8; HEADER_BYTES]);

impl HeaderView<'_> {
    fn word(&self, offset: usize) -> u32 {
        u32::from_le_bytes(take(self.0, offset))
    }

    fn parse(&self) -> Result<Header, PlanError> {
        if take(self.0, 0) != MAGIC {
            return Err(PlanError::NotAPlan);
        }
        let abi = u16::from_le_bytes(take(self.0, 4));
        if abi != ABI {
            return Err(PlanError::UnknownAbi(abi));
        }
        let header = Header {
            operators: u16::from_le_bytes(take(self.0, 6)),
            plan_bytes: self.word(8),
            resident_bytes: self.word(12),
            arena_bytes: self.word(16),
            row_bytes: self.word(20),
            input_offset: self.word(24),
            input_bytes: self.word(28),
            output_offset: self.word(32),
            output_bytes: self.word(36),
            input: InputQuantization {
                multiplier: self.word(40) as i32,
                shift: self.word(44) as i32,
                zero_point: i8::from_le_bytes(take(self.0, 48)),
            },
        };
        let resident = HEADER_BYTES as u32 + RECORD_BYTES as u32 * u32::from(header.operators);
        let factor = header.input;
        if header.operators == 0
            || header.resident_bytes != resident
            || header.plan_bytes < resident
            || header.input_bytes == 0
            || header.output_bytes == 0
            || factor.multiplier < 0
            || !(-31..=15).contains(&factor.shift)
            || take(self.0, 49) != [0; 3]
        {
            return Err(PlanError::InvalidHeader);
        }
        let inside = |offset: u32, length: u32| {
            offset
                .checked_add(length)
                .is_some_and(|end| end <= header.arena_bytes)
        };
        if !inside(header.input_offset, header.input_bytes)
            || !inside(header.output_offset, header.output_bytes)
        {
            return Err(PlanError::TensorOutsideArena);
        }
        Ok(header)
    }
}

/// Zero points and activation range of an operator, and where its tensors lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Common {
    /// The input value that stands for zero; fills padding.
    pub input_zero_point: i8,
    /// The output value that stands for zero.
    pub output_zero_point: i8,
    /// Least output.
    pub minimum: i8,
    /// Greatest output.
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

/// Two tensors of the same shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Add {
    /// Elements of each tensor.
    pub length: u32,
    /// Arena offset of the second input.
    pub second_offset: u32,
    /// The second input's zero point.
    pub second_zero_point: i8,
    /// Factor of the first input, at most 1 (so are the others).
    pub first: Multiplier,
    /// Factor of the second input.
    pub second: Multiplier,
    /// Factor of the sum.
    pub output: Multiplier,
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
}

/// One operator of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// What every kind has.
    pub common: Common,
    /// What this kind has.
    pub body: Body,
}

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

    fn window(&self) -> Window {
        Window {
            scratch_offset: self.u32(16),
            input: [self.u16(20), self.u16(22), self.u16(24)],
            output: [self.u16(26), self.u16(28), self.u16(30)],
            kernel: [self.u16(32), self.u16(34)],
            stride: take(self.0, 36),
            padding: take(self.0, 38),
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

    fn add(&self) -> Add {
        Add {
            length: self.u32(16),
            second_offset: self.u32(20),
            second_zero_point: self.i8(24),
            first: self.multiplier(28, 25),
            second: self.multiplier(32, 26),
            output: self.multiplier(36, 27),
        }
    }

    /// The operator that the bytes describe. Says nothing about whether its
    /// tensors fit: [`Plan::validate`](crate::Plan::validate) does.
    ///
    /// # Errors
    /// `UnknownKind` or `ReservedByte`.
    pub fn parse(&self) -> Result<Operator, OperatorFault> {
        let [kind] = take(self.0, 0);
        let (body, used) = match kind {
            1 => (Body::Conv2D(self.window()), 40),
            2 => (Body::DepthwiseConv2D(self.window()), 40),
            3 => (Body::AveragePool2D(self.window()), 40),
            4 => {
                let (inputs, outputs) = (self.u32(16), self.u32(20));
                (Body::FullyConnected(FullyConnected { inputs, outputs }), 24)
            }
            5 => {
                let length = self.u32(16);
                (Body::Reshape(Reshape { length }), 20)
            }
            6 => (Body::Softmax(self.softmax()), 36),
            7 => (Body::Add(self.add()), 40),
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
            Body::FullyConnected(body) => {
                put(bytes, 16, body.inputs.to_le_bytes());
                put(bytes, 20, body.outputs.to_le_bytes());
                4
            }
            Body::Reshape(body) => {
                put(bytes, 16, body.length.to_le_bytes());
                5
            }
            Body::Softmax(body) => {
                put(bytes, 16, body.rows.to_le_bytes());
                put(bytes, 20, body.row_length.to_le_bytes());
                put(bytes, 24, body.multiplier.to_le_bytes());
                put(bytes, 28, body.left_shift.to_le_bytes());
                put(bytes, 32, body.least_difference.to_le_bytes());
                6
            }
            Body::Add(body) => {
                put(bytes, 16, body.length.to_le_bytes());
                put(bytes, 20, body.second_offset.to_le_bytes());
                put(bytes, 24, body.second_zero_point.to_le_bytes());
                let factors = [body.first, body.second, body.output];
                for (index, factor) in factors.into_iter().enumerate() {
                    put(bytes, 25 + index, (factor.shift as i8).to_le_bytes());
                    put(bytes, 28 + 4 * index, factor.multiplier.to_le_bytes());
                }
                7
            }
        };
        put(bytes, 0, [kind]);
    }
}

impl Window {
    fn emit(&self, bytes: &mut [u8; RECORD_BYTES], kind: u8) -> u8 {
        put(bytes, 16, self.scratch_offset.to_le_bytes());
        let sizes = self.input.iter().chain(&self.output).chain(&self.kernel);
        for (index, size) in sizes.enumerate() {
            put(bytes, 20 + 2 * index, size.to_le_bytes());
        }
        put(bytes, 36, self.stride);
        put(bytes, 38, self.padding);
        kind
    }
}

/// Copies `N` bytes out. Callers pass constant offsets inside the view, so the
/// zeros that would stand for missing bytes never appear.
fn take<const N: usize, const VIEW: usize>(view: &[u8; VIEW], offset: usize) -> [u8; N] {
    let tail = view.get(offset..).unwrap_or_default();
    tail.first_chunk().copied().unwrap_or([0; N])
}

/// The inverse of [`take`].
fn put<const N: usize, const VIEW: usize>(view: &mut [u8; VIEW], offset: usize, bytes: [u8; N]) {
    let target = view.get_mut(offset..).and_then(<[u8]>::first_chunk_mut);
    if let Some(target) = target {
        *target = bytes;
    }
}

#[cfg(test)]
mod tests;
