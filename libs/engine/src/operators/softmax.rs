//! Softmax: `e^(β·x) ÷ Σ e^(β·x)` over each row, scaled to 1/256.

use super::{geometry, Lengths};
use crate::arena::output_over_input;
use crate::error::{OperatorFault, RunError};
use crate::exponential::{exponential, reciprocal};
use crate::fixed_point::{divide_by_power_of_two, multiply_high};
use crate::format::{Common, Softmax};

/// Longest row whose sum of exponentials cannot overflow twelve integer bits.
const LONGEST_ROW: u32 = 4095;

/// What the rows take.
pub fn lengths(body: &Softmax) -> Result<Lengths, OperatorFault> {
    if body.row_length == 0 || body.row_length > LONGEST_ROW {
        return Err(OperatorFault::Shape);
    }
    if body.multiplier < 0 || !(0..=31).contains(&body.left_shift) || body.least_difference > 0 {
        return Err(OperatorFault::Multiplier);
    }
    let length = geometry::product(&[body.rows, body.row_length])?;
    Ok(Lengths::of_tensors(length, length))
}

/// Computes every row, over a copy of the input.
#[inline(never)]
pub fn run(common: &Common, body: &Softmax, arena: &mut [u8]) -> Result<(), RunError> {
    let length = body.rows.saturating_mul(body.row_length);
    let output = output_over_input(common, length, arena)?;
    for row in output.chunks_exact_mut((body.row_length as usize).max(1)) {
        softmax(body, row);
    }
    Ok(())
}

fn softmax(body: &Softmax, row: &mut [u8]) {
    let greatest = row.iter().map(|value| *value as i8).max().unwrap_or(0);
    // The exponential of an input, unless it is too small to count.
    let weight = |value: u8| {
        let difference = i32::from(value as i8) - i32::from(greatest);
        let scaled = difference.wrapping_shl(body.left_shift as u32);
        (difference >= body.least_difference)
            .then(|| exponential::<5>(multiply_high(scaled, body.multiplier)))
    };
    let exponentials = row.iter().filter_map(|value| weight(*value));
    let sum = exponentials.fold(0i32, |sum, exponential| {
        sum.wrapping_add(divide_by_power_of_two(exponential, 12))
    });
    let (factor, bits) = reciprocal(sum);
    for value in row {
        let share = weight(*value).map_or(0, |exponential| {
            scale(multiply_high(factor, exponential), bits + 31 - 8)
        });
        *value = (share - 128).clamp(-128, 127) as i8 as u8;
    }
}

/// `value ÷ 2^bits`, rounded; anything over 31 bits is too small to count.
fn scale(value: i32, bits: i32) -> i32 {
    match u32::try_from(bits) {
        Ok(bits @ 0..=31) => divide_by_power_of_two(value, bits),
        _ => 0,
    }
}
