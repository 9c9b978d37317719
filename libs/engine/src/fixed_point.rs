//! Fixed-point arithmetic with TensorFlow Lite's double rounding.

/// A positive real factor `multiplier × 2^(shift − 31)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multiplier {
    /// Mantissa: 2³⁰..2³¹, or zero.
    pub multiplier: i32,
    /// Exponent, −31..=30: positive shifts left before, negative right after.
    pub shift: i32,
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
    let mask = ((1u64 << (exponent & 31)) - 1) as i32;
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
