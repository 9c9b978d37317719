//! Softmax: `e^(β·x) ÷ Σ e^(β·x)` over each row, in units of 2⁻¹⁵.
//!
//! As `SoftmaxInt16` in tensorflow/lite/kernels/internal/reference/softmax.h. Two tables
//! come with the weights: e^x for x from −10 to 0, and 1 ÷ (1 + x) for x from 0 to 1,
//! each 513 values of 16 bits, 128 inputs apart.

use super::elements::{self, element, value, Bytes};
use super::lengths::of_tensors;
use crate::arena::output_over_input;
use crate::error::{OperatorFault, RunError};
use crate::fixed_point::times;
use crate::format::int16::{Softmax16, SOFTMAX_TABLE};
use crate::format::Common;
use crate::operators::geometry::product;
use crate::operators::Lengths;
use crate::weights::Weights;

/// Length of both tables.
const TABLES_BYTES: usize = 2 * 2 * SOFTMAX_TABLE;
/// Longest row whose sum of exponentials 32 bits surely hold.
const LONGEST_ROW: u32 = 65_535;
/// Most that a difference of inputs, which has 17 bits, may be shifted left.
const MOST_SHIFT: i32 = 15;

/// What the rows and the tables take.
pub fn lengths(body: &Softmax16) -> Result<Lengths, OperatorFault> {
    if body.row_length == 0 || body.row_length > LONGEST_ROW {
        return Err(OperatorFault::Shape);
    }
    body.factor.check()?;
    if body.factor.shift > MOST_SHIFT {
        return Err(OperatorFault::Multiplier);
    }
    let length = product(&[body.rows, body.row_length])?;
    Ok(Lengths {
        row: TABLES_BYTES as u32,
        weights: TABLES_BYTES as u32,
        ..of_tensors(length, length)?
    })
}

/// Computes every row, over a copy of the input.
#[inline(never)]
pub fn run(
    common: &Common,
    body: &Softmax16,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let lengths = lengths(body).map_err(|_| RunError::Inconsistent)?;
    let tables = weights.groups(TABLES_BYTES, 1)?.as_chunks().0;
    let (exponentials, reciprocals) = tables
        .split_at_checked(SOFTMAX_TABLE)
        .ok_or(RunError::Inconsistent)?;
    let output = output_over_input(common, lengths.output, arena)?;
    let rows = elements::of_mut(output).chunks_exact_mut(body.row_length.max(1) as usize);
    for row in rows {
        softmax(body, (exponentials, reciprocals), row);
    }
    Ok(())
}

fn softmax(body: &Softmax16, (exponentials, reciprocals): (&[Bytes], &[Bytes]), row: &mut [Bytes]) {
    let greatest = row.iter().map(|input| value(*input)).max().unwrap_or(0);
    let mut sum = 0i32;
    for place in &mut *row {
        let difference = times(value(*place) - greatest, body.factor);
        let exponential = lookup(exponentials, difference.saturating_add(32_767));
        sum = sum.wrapping_add(exponential);
        *place = element(exponential);
    }
    // The sum is (1 + x) · 2^(15 + its bits above the first); x goes to the table.
    let zeros = sum.leading_zeros();
    let normalised = i64::from(sum)
        .wrapping_shl(zeros.wrapping_sub(1))
        .wrapping_add(1 << 13)
        >> 14;
    let fraction = (normalised as i32).saturating_sub((1 << 15) + (1 << 16));
    let reciprocal = i64::from(lookup(reciprocals, fraction));
    let bits = 31u32.wrapping_sub(zeros) & 63;
    let half = (1i64 << bits) >> 1;
    for place in row {
        let share = (i64::from(value(*place)) * reciprocal + half) >> bits;
        *place = element((share as i32).clamp(0, i16::MAX.into()));
    }
}

/// The value for an input, on the straight line between those beside it.
#[inline(never)] // The program has it once.
fn lookup(table: &[Bytes], input: i32) -> i32 {
    let input = input.clamp(i16::MIN.into(), i16::MAX.into());
    let place = (256 + (input >> 7)) as usize;
    let at = |place: usize| value(table.get(place).copied().unwrap_or_default());
    let (here, next) = (at(place), at(place + 1));
    // The slope has 16 bits in the reference; tables as they should be fit.
    let slope = i32::from((next - here) as i16);
    let result = here + ((slope * (input & 127) + 64) >> 7);
    i32::from(result as i16)
}
