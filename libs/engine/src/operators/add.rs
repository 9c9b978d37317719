//! Add: `output = first + second`, each rescaled, element by element.

use super::requantize::limit;
use super::Lengths;
use crate::arena::{length, output_over_input, split, Area};
use crate::error::{OperatorFault, RunError};
use crate::fixed_point::Multiplier;
use crate::format::{Add, Common};
use crate::processor::multiply_upper;

/// Bits of headroom that inputs get before they are rescaled.
const LEFT_SHIFT: u32 = 20;

/// What the tensors take.
pub fn lengths(body: &Add) -> Result<Lengths, OperatorFault> {
    for factor in [body.first, body.second, body.output] {
        if factor.multiplier < 0 || !(-31..=0).contains(&factor.shift) {
            return Err(OperatorFault::Multiplier);
        }
    }
    Ok(Lengths::of_tensors(body.length, body.length))
}

/// Second input and output. The output lies apart from the second input, and
/// either on or apart from the first.
pub fn areas(common: &Common, body: &Add, arena_bytes: u32) -> Result<(Area, Area), OperatorFault> {
    let first = Area::new(common.input_offset, body.length, arena_bytes)?;
    let second = Area::new(body.second_offset, body.length, arena_bytes)?;
    let output = Area::new(common.output_offset, body.length, arena_bytes)?;
    if first != output {
        first.apart_from(output)?;
    }
    second.apart_from(output)?;
    Ok((second, output))
}

/// Computes the sum, over a copy of the first input.
#[inline(never)]
pub fn run(common: &Common, body: &Add, arena: &mut [u8]) -> Result<(), RunError> {
    output_over_input(common, body.length, arena)?;
    let (second, output) =
        areas(common, body, length(arena)).map_err(|_| RunError::Inconsistent)?;
    let [second, output] = split(arena, [second, output])?;
    let factors = [body.first, body.second, body.output].map(Factor::new);
    let [first_factor, second_factor, output_factor] = factors;
    for (output, second) in output.iter_mut().zip(second.iter()) {
        let first = first_factor.rescale(widen(*output, common.input_zero_point));
        let second = second_factor.rescale(widen(*second, body.second_zero_point));
        let sum = output_factor.rescale(first.wrapping_add(second));
        *output = limit(sum, common);
    }
    Ok(())
}

/// An input's distance from zero, with its headroom: below 2²⁸.
#[inline(always)]
fn widen(value: u8, zero_point: i8) -> i32 {
    (i32::from(value as i8) - i32::from(zero_point)) << LEFT_SHIFT
}

/// A factor of at most 1, for values below 2³⁰: what [`multiply`] does, with all that
/// is the same for all values done before.
///
/// [`multiply`]: crate::fixed_point::multiply
#[derive(Clone, Copy)]
struct Factor {
    multiplier: i32,
    /// To be shifted right.
    shift: u32,
    /// Half of what is shifted out.
    half: i32,
    /// All ones where something is: a negative value's half rounds down.
    down: i32,
}

impl Factor {
    fn new(factor: Multiplier) -> Self {
        let shift = factor.shift.unsigned_abs() & 31;
        let half = (1i32 << shift) >> 1;
        Self {
            multiplier: factor.multiplier,
            shift,
            // Of 2³¹, which is negative here, half is 2³⁰.
            half: half.wrapping_abs(),
            down: -i32::from(shift > 0),
        }
    }

    #[inline(always)]
    fn rescale(self, value: i32) -> i32 {
        let high = multiply_upper(value.wrapping_shl(1), self.multiplier);
        let down = (high >> 31) & self.down;
        high.wrapping_add(down).wrapping_add(self.half) >> self.shift
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixed_point::multiply;

    #[test]
    fn rescales_as_the_definition() {
        let limit = (1 << 30) - 1;
        for shift in -31..=0 {
            for multiplier in [0, 1, 1 << 30, 1_234_567_890, i32::MAX] {
                let factor = Multiplier { multiplier, shift };
                for value in (-limit..=limit).step_by(9_999_991).chain([-1, 0, 1, limit]) {
                    let found = Factor::new(factor).rescale(value);
                    assert_eq!(found, multiply(value, factor), "{value} {factor:?}");
                }
            }
        }
    }
}
