//! What can be wrong with a plan, or go wrong while it runs.

use core::fmt;

/// Why a plan is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// Fewer bytes than the header, or than the resident length that it states.
    Truncated,
    /// The bytes do not start with a plan's magic.
    NotAPlan,
    /// Written for another engine ABI.
    UnknownAbi(u16),
    /// A length in the header contradicts another, or a reserved byte is set.
    InvalidHeader,
    /// The input or output tensor lies outside the arena.
    TensorOutsideArena,
    /// An operator's record is not acceptable.
    Operator {
        /// Position in the operator table, from 0.
        index: u16,
        /// What is wrong with it.
        fault: OperatorFault,
    },
    /// The operators read more or fewer weights than the plan carries.
    WeightLength,
    /// The header's row buffer is not what the largest operator needs.
    RowLength,
}

/// What is wrong with one operator's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorFault {
    /// No operator has this kind number.
    UnknownKind(u8),
    /// A reserved byte is not zero.
    ReservedByte,
    /// A dimension is zero, or a product of dimensions exceeds 32 bits.
    Shape,
    /// Stride, kernel or padding let a window lie wholly outside the input.
    Window,
    /// A tensor or scratch area lies outside the arena.
    OutsideArena,
    /// Two areas overlap that the operator needs apart.
    Overlap,
    /// The activation's minimum is above its maximum.
    Activation,
    /// A fixed-point multiplier or shift is out of range.
    Multiplier,
    /// An int16 tensor's zero point is not 0.
    ZeroPoint,
}

/// Why a run stopped. The arena then holds a partial result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunError {
    /// The plan is not acceptable (only from [`LoadedPlan::load`](crate::LoadedPlan::load)).
    Plan(PlanError),
    /// The tile buffer's length is zero or no multiple of 64.
    TileBuffer,
    /// A buffer for the plan's resident part is shorter than this.
    ResidentBuffer(u32),
    /// The row buffer is shorter than the plan's `row_bytes`.
    RowBuffer(u32),
    /// The arena is shorter than the plan's `arena_bytes`.
    Arena(u32),
    /// The source could not give this tile.
    Tile(u32),
    /// The source gave this tile with another length than the plan's.
    TileLength(u32),
    /// Buffers and plan contradict each other; cannot follow a validation.
    Inconsistent,
}

impl From<PlanError> for RunError {
    fn from(error: PlanError) -> Self {
        Self::Plan(error)
    }
}

impl fmt::Display for OperatorFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKind(kind) => write!(f, "unknown kind {kind}"),
            Self::ReservedByte => f.write_str("a reserved byte is not zero"),
            Self::Shape => f.write_str("a dimension is zero or too large"),
            Self::Window => f.write_str("a window lies outside the input"),
            Self::OutsideArena => f.write_str("a tensor lies outside the arena"),
            Self::Overlap => f.write_str("tensors overlap"),
            Self::Activation => f.write_str("the activation range is empty"),
            Self::Multiplier => f.write_str("a multiplier or shift is out of range"),
            Self::ZeroPoint => f.write_str("the zero point of an int16 tensor is not 0"),
        }
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the plan is truncated"),
            Self::NotAPlan => f.write_str("not a plan"),
            Self::UnknownAbi(abi) => write!(f, "the plan is for engine ABI {abi}"),
            Self::InvalidHeader => f.write_str("the plan's header is inconsistent"),
            Self::TensorOutsideArena => f.write_str("input or output lies outside the arena"),
            Self::Operator { index, fault } => write!(f, "operator {index}: {fault}"),
            Self::WeightLength => f.write_str("the plan's weights are too long or too short"),
            Self::RowLength => f.write_str("the plan's row buffer length is wrong"),
        }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(error) => error.fmt(f),
            Self::TileBuffer => f.write_str("the tile buffer is not a multiple of 64 bytes"),
            Self::ResidentBuffer(bytes) => write!(f, "the resident part needs {bytes} bytes"),
            Self::RowBuffer(bytes) => write!(f, "the row buffer needs {bytes} bytes"),
            Self::Arena(bytes) => write!(f, "the arena needs {bytes} bytes"),
            Self::Tile(index) => write!(f, "tile {index} was refused"),
            Self::TileLength(index) => write!(f, "tile {index} has the wrong length"),
            Self::Inconsistent => f.write_str("plan and buffers contradict each other"),
        }
    }
}

impl core::error::Error for PlanError {}
impl core::error::Error for RunError {}
