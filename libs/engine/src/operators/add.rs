//! Add: `output = first + second`, each rescaled, element by element.

use super::requantize::limit;
use super::{operands, Lengths};
use crate::error::{OperatorFault, RunError};
use crate::fixed_point::Multiplier;
use crate::format::{Add, Common};

/// Bits of headroom that inputs get before they are rescaled.
const LEFT_SHIFT: u32 = 20;

/// What the tensors take.
pub fn lengths(body: &Add) -> Result<Lengths, OperatorFault> {
    for factor in [body.first, body.second, body.output] {
        if factor.multiplier < 0 || !(-31..=0).contains(&factor.shift) {
            return Err(OperatorFault::Multiplier);
        }
    }
    let length = body.operands.length;
    Ok(Lengths::of_tensors(length, length))
}

/// Computes the sum.
#[inline(never)]
pub fn run(common: &Common, body: &Add, arena: &mut [u8]) -> Result<(), RunError> {
    let factors = [body.first, body.second, body.output].map(Factor::new);
    let [first_factor, second_factor, output_factor] = factors;
    let second_zero_point = body.operands.second_zero_point;
    operands::combine(common, &body.operands, arena, |first, second| {
        let first = first_factor.rescale(widen(first, common.input_zero_point));
        let second = second_factor.rescale(widen(second, second_zero_point));
        let sum = output_factor.rescale(first.wrapping_add(second));
        limit(sum, common)
    })
}

/// An input's distance from zero, with its headroom: below 2²⁸.
#[inline(always)]
fn widen(value: u8, zero_point: i8) -> i32 {
    (i32::from(value as i8) - i32::from(zero_point)) << LEFT_SHIFT
}

/// A factor of at most 1, for values below 2²⁹: what [`multiply`] does, with all that
/// is the same for all values done before.
///
/// The upper half of four times a value, multiplied, has one bit more than the product
/// that is to be rounded. One added rounds that bit up, half of all that is shifted out
/// rounds the rest, and two less, where that is below zero, rounds its halves down.
///
/// [`multiply`]: crate::fixed_point::multiply
#[derive(Clone, Copy)]
struct Factor {
    multiplier: i32,
    /// To be shifted right: 1..=30.
    shift: u32,
    /// What rounds.
    rounding: i32,
    /// −2 where more than the one bit is shifted out.
    down: i32,
}

impl Factor {
    fn new(factor: Multiplier) -> Self {
        let shift = factor.shift.unsigned_abs();
        // Nothing is left of values below 2²⁹.
        let (multiplier, shift) = match shift {
            30.. => (0, 0),
            _ => (factor.multiplier, shift),
        };
        let is_shifted = shift > 0;
        Self {
            multiplier,
            shift: shift + 1,
            rounding: 1 + (i32::from(is_shifted) << shift),
            down: -2 * i32::from(is_shifted),
        }
    }

    #[inline(always)]
    fn rescale(self, value: i32) -> i32 {
        let product = i64::from(value.wrapping_shl(2)) * i64::from(self.multiplier);
        let upper = (product >> 32) as i32;
        let down = (upper >> 31) & self.down;
        upper.wrapping_add(down).wrapping_add(self.rounding) >> self.shift
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixed_point::multiply;

    #[test]
    fn rescales_as_the_definition() {
        let limit = (1 << 29) - 1;
        for shift in -31..=0 {
            for multiplier in [0, 1, 1 << 30, 1_234_567_890, i32::MAX] {
                let factor = Multiplier { multiplier, shift };
                for value in (-limit..=limit)
                    .step_by(9_999_991)
                    .chain([-2, -1, 0, 1, limit])
                {
                    let found = Factor::new(factor).rescale(value);
                    assert_eq!(found, multiply(value, factor), "{value} {factor:?}");
                }
            }
        }
    }
}
