//! The plan's bytes: header and operator records, read and written here alone.
//!
//! `docs/formats/plan.md` has every field's place. All integers are little-endian.
//! [`Header`] and [`Operator`] are the parsed values; [`Record`] is a checked view
//! over the bytes of one operator. Reserved bytes are zero, so that a value has
//! exactly one encoding.

mod bytes;
mod element;
mod header;
pub mod int16;
mod operator;
mod others;
mod record;

pub use element::Element;
pub use header::{Header, InputQuantization};
pub use operator::{
    Add, Body, Common, Constant, FullyConnected, Mean, Mul, Operands, Operator, Place, Reshape,
    Softmax, StridedCopy, Table, Window,
};
pub use record::Record;

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
/// Outputs of a table, one for every int8.
pub const TABLE_BYTES: usize = 256;

#[cfg(test)]
mod tests;
