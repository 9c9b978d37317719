//! Fixed-point arithmetic with TensorFlow Lite's double rounding.

use crate::error::OperatorFault;

/// A positive real factor `multiplier × 2^(shift − 31)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multiplier {
    /// Mantissa: 2³⁰..2³¹, or zero.
    pub multiplier: i32,
    /// Exponent, −31..=30: positive shifts left before, negative right after.
    pub shift: i32,
}

impl Multiplier {
    /// Refuses what the documentation of the fields excludes.
    pub(crate) fn check(self) -> Result<(), OperatorFault> {
        if self.multiplier < 0 || !(-31..=30).contains(&self.shift) {
            return Err(OperatorFault::Multiplier);
        }
        Ok(())
    }
}

/// `round(a × b ÷ 2³¹)`, halves rounded up, saturated to 32 bits.
///
/// The definition rounds by adding ±(2³⁰ − ½…) and truncating toward zero; over
/// both signs that is the same as adding 2³⁰ and flooring, which is one shift.
#[inline(always)]
pub fn multiply_high(a: i32, b: i32) -> i32 {
    if a == i32::MIN && b == i32::MIN {
        return i32::MAX;
    }
    multiply_high_unsaturated(a, b)
}

/// [`multiply_high`] where one factor is known not to be the least integer.
#[inline(always)]
fn multiply_high_unsaturated(a: i32, b: i32) -> i32 {
    ((i64::from(a) * i64::from(b) + (1 << 30)) >> 31) as i32
}

/// `round(value ÷ 2^exponent)`, halves rounded away from zero; exponent 0..=31.
#[inline(always)]
pub fn divide_by_power_of_two(value: i32, exponent: u32) -> i32 {
    let mask = (1u32 << (exponent & 31)).wrapping_sub(1) as i32;
    let remainder = value & mask;
    let threshold = (mask >> 1) + i32::from(value < 0);
    (value.wrapping_shr(exponent)).wrapping_add(i32::from(remainder > threshold))
}

/// `value` times a factor, rounded twice as TensorFlow Lite does.
#[inline(always)]
pub fn multiply(value: i32, factor: Multiplier) -> i32 {
    if factor.shift > 0 {
        let shifted = value.wrapping_shl(factor.shift as u32);
        return multiply_high_unsaturated(shifted, factor.multiplier);
    }
    let high = multiply_high_unsaturated(value, factor.multiplier);
    divide_by_power_of_two(high, factor.shift.unsigned_abs())
}

/// The same, in the program once: for where few values are multiplied.
#[inline(never)]
pub fn times(value: i32, factor: Multiplier) -> i32 {
    multiply(value, factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGES: [i32; 13] = [
        i32::MIN,
        i32::MIN + 1,
        -(1 << 30) - 1,
        -(1 << 30),
        -98_765,
        -1,
        0,
        1,
        2,
        98_765,
        1 << 30,
        i32::MAX - 1,
        i32::MAX,
    ];

    /// The definition: nudge by sign, then divide toward zero.
    fn defined_multiply_high(a: i32, b: i32) -> i32 {
        if a == i32::MIN && b == i32::MIN {
            return i32::MAX;
        }
        let product = i64::from(a) * i64::from(b);
        let nudge = if product >= 0 { 1 << 30 } else { 1 - (1 << 30) };
        ((product + nudge) / (1 << 31)) as i32
    }

    #[test]
    fn multiply_high_is_as_defined() {
        for a in EDGES {
            for b in EDGES {
                assert_eq!(multiply_high(a, b), defined_multiply_high(a, b), "{a} {b}");
            }
            // Every low half around the tie.
            for b in -5..=5 {
                let b = (1 << 30) + b;
                assert_eq!(multiply_high(a, b), defined_multiply_high(a, b), "{a} {b}");
            }
        }
    }

    #[test]
    fn division_rounds_halves_away_from_zero() {
        for exponent in 0..=31 {
            for value in EDGES {
                let half = if exponent == 0 {
                    0
                } else {
                    1i64 << (exponent - 1)
                };
                let magnitude = (i64::from(value).abs() + half) >> exponent;
                let expected = magnitude * i64::from(value.signum());
                let found = divide_by_power_of_two(value, exponent);
                assert_eq!(i64::from(found), expected, "{value} {exponent}");
            }
        }
    }

    #[test]
    fn multiply_rounds_twice() {
        let quarter = Multiplier {
            multiplier: 1 << 30,
            shift: -1,
        };
        // 1 × ½ rounds to 1, 1 ÷ 2 rounds to 1: once would have given 0.
        assert_eq!(multiply(1, quarter), 1);
        let four = Multiplier {
            multiplier: 1 << 30,
            shift: 3,
        };
        assert_eq!(multiply(-7, four), -28);
    }

    #[test]
    fn no_factor_panics() {
        for value in EDGES {
            for multiplier in EDGES {
                for shift in -128..=127 {
                    multiply(value, Multiplier { multiplier, shift });
                }
            }
        }
    }
}
