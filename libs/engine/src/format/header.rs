//! The header: what a caller must know before it reads anything else.

use super::bytes::{put, take};
use super::element::Element;
use super::{ABI, HEADER_BYTES, RECORD_BYTES};
use crate::error::PlanError;
use crate::fixed_point::{multiply, Multiplier};

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
    /// For inputs that are already the model's.
    pub const IDENTITY: Self = Self {
        multiplier: 1 << 30,
        shift: 1,
        zero_point: 0,
    };

    /// The model's int8 input for a raw count, saturated.
    pub fn quantize(&self, raw: i16) -> i8 {
        self.steps(raw).clamp(-128, 127) as i8
    }

    /// The model's int16 input for a raw count, saturated.
    pub fn quantize_to_int16(&self, raw: i16) -> i16 {
        let least = i32::from(i16::MIN);
        self.steps(raw).clamp(least, i16::MAX.into()) as i16
    }

    /// Writes the model's input for a raw count, int8 or int16 as there is room for one
    /// byte or two; leaves anything else as it is.
    pub fn fill(&self, raw: i16, input: &mut [u8]) {
        match input {
            [byte] => *byte = self.quantize(raw) as u8,
            [low, high] => [*low, *high] = self.quantize_to_int16(raw).to_le_bytes(),
            _ => {}
        }
    }

    fn steps(&self, raw: i16) -> i32 {
        let factor = Multiplier {
            multiplier: self.multiplier,
            shift: self.shift,
        };
        multiply(i32::from(raw), factor).saturating_add(i32::from(self.zero_point))
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
    /// What the input's elements are.
    pub input_element: Element,
    /// What the output's elements are.
    pub output_element: Element,
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
        put(
            bytes,
            49,
            [self.input_element as u8, self.output_element as u8],
        );
    }
}

/// A view over a header's bytes.
struct HeaderView<'a>(&'a [u8; HEADER_BYTES]);

impl HeaderView<'_> {
    fn word(&self, offset: usize) -> u32 {
        u32::from_le_bytes(take(self.0, offset))
    }

    fn element(&self, offset: usize) -> Result<Element, PlanError> {
        let [code] = take(self.0, offset);
        Element::from_code(code).ok_or(PlanError::InvalidHeader)
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
            input_element: self.element(49)?,
            output_element: self.element(50)?,
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
            || !header.input_element.fills(header.input_bytes)
            || !header.output_element.fills(header.output_bytes)
            || take(self.0, 51) != [0]
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
