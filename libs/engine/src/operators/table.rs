//! Table: `output = f(input)` for each int8, by the 256 values of `f`.
//!
//! The values come from the stream, that for −128 in the middle: the input's two's
//! complement is the place of its output.

use super::Lengths;
use crate::arena::output_over_input;
use crate::error::RunError;
use crate::format::{Common, Table, TABLE_BYTES};
use crate::weights::Weights;

/// What the table and the tensors take.
pub fn lengths(body: &Table) -> Lengths {
    Lengths {
        row: TABLE_BYTES as u32,
        weights: TABLE_BYTES as u32,
        ..Lengths::of_tensors(body.length, body.length)
    }
}

/// Looks every element up.
#[inline(never)]
pub fn run(
    common: &Common,
    body: &Table,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let table = weights.groups(TABLE_BYTES, 1)?;
    let table: &[u8; TABLE_BYTES] = table.first_chunk().ok_or(RunError::Inconsistent)?;
    for value in output_over_input(common, body.length, arena)? {
        *value = table[usize::from(*value)];
    }
    Ok(())
}
