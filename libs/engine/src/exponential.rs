//! Exponential and reciprocal in fixed point, as the reference kernels have them.
//!
//! A value with `n` integer bits is `raw ÷ 2^(31 − n)`; names say `n`. The engine's
//! softmax needs these, and so does a compiler that computes tables of functions.

use crate::fixed_point::{divide_by_power_of_two, multiply_high};

/// 1 with no integer bits, as near as 31 bits come.
pub const ONE_0: i32 = i32::MAX;
/// 1 with two integer bits.
pub const ONE_2: i32 = 1 << 29;

/// `value × 2^exponent`, saturated; exponent 0..=31.
#[inline(never)] // Long on processors of 32 bits.
pub fn shift_left(value: i32, exponent: u32) -> i32 {
    let wide = i64::from(value) << (exponent & 31);
    wide.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

/// The product of two values without integer bits: in the program once, because there
/// are many products here, and few exponentials in an inference.
#[inline(never)]
fn times(a: i32, b: i32) -> i32 {
    multiply_high(a, b)
}

/// e^`a` for `a` in [−¼, 0): Taylor's series around −⅛, to the fourth power.
fn near_zero(a: i32) -> i32 {
    const E_TO_MINUS_EIGHTH: i32 = 1_895_147_668;
    const THIRD: i32 = 715_827_883;
    let x = a.wrapping_add(1 << 28);
    let x2 = times(x, x);
    let x3 = times(x2, x);
    let x4 = times(x2, x2);
    let x4_over_4 = divide_by_power_of_two(x4, 2);
    let third = times(x4_over_4.wrapping_add(x3), THIRD);
    let higher = divide_by_power_of_two(third.wrapping_add(x2), 1);
    let series = times(E_TO_MINUS_EIGHTH, x.wrapping_add(higher));
    E_TO_MINUS_EIGHTH.wrapping_add(series)
}

/// e^`a` for `a` ≤ 0 with `INTEGER_BITS` (2 to 5) integer bits; the result has
/// none.
#[inline(never)] // Long, and softmax needs it in two places.
pub fn exponential<const INTEGER_BITS: u32>(a: i32) -> i32 {
    /// e^−¼, e^−½, e^−1 … e^−16, without integer bits.
    const POWERS: [i32; 7] = [
        1_672_461_947,
        1_302_514_674,
        790_015_084,
        290_630_308,
        39_332_535,
        720_401,
        242,
    ];
    const { assert!(INTEGER_BITS >= 2 && INTEGER_BITS <= 5) };
    let quarter = 1i32 << (29 - INTEGER_BITS);
    if a == 0 {
        return ONE_0;
    }
    let fraction = (a & (quarter - 1)) - quarter;
    let mut result = near_zero(shift_left(fraction, INTEGER_BITS));
    let quarters = fraction.wrapping_sub(a);
    let powers = POWERS.into_iter().take(INTEGER_BITS as usize + 2);
    for (bit, power) in powers.enumerate() {
        if quarters & (quarter << bit) != 0 {
            result = times(result, power);
        }
    }
    result
}

/// 2 ÷ (1 + `a`) for `a` in [0, 1) without integer bits; the result has two. Three
/// steps of Newton and Raphson from 48/17 − 32/17 · d, where d = (1 + `a`) ÷ 2.
pub fn two_over_one_plus(a: i32) -> i32 {
    const FORTY_EIGHT_SEVENTEENTHS: i32 = 1_515_870_810;
    const MINUS_THIRTY_TWO_SEVENTEENTHS: i32 = -1_010_580_540;
    let half_denominator = ((i64::from(a) + i64::from(ONE_0) + 1) / 2) as i32;
    let mut x = FORTY_EIGHT_SEVENTEENTHS
        .wrapping_add(times(half_denominator, MINUS_THIRTY_TWO_SEVENTEENTHS));
    for _ in 0..3 {
        x = nearer(x, half_denominator);
    }
    x
}

/// One of these steps, in the program once.
#[inline(never)]
fn nearer(x: i32, half_denominator: i32) -> i32 {
    let error = ONE_2.wrapping_sub(times(half_denominator, x));
    x.wrapping_add(shift_left(times(x, error), 2))
}

/// 1 ÷ (1 + `a`) for `a` in [0, 1); neither has integer bits.
pub fn one_over_one_plus(a: i32) -> i32 {
    shift_left(two_over_one_plus(a), 1)
}

/// The reciprocal of a positive `sum` with twelve integer bits: a factor without
/// integer bits, and how many bits to shift right after multiplying with it.
#[inline(never)]
pub fn reciprocal(sum: i32) -> (i32, i32) {
    let headroom = sum.leading_zeros();
    let normalised = (sum as u32).wrapping_shl(headroom).wrapping_sub(1 << 31);
    let factor = one_over_one_plus(normalised as i32);
    (factor, 12 - headroom as i32)
}

#[cfg(test)]
mod tests {
    use super::{exponential, reciprocal};

    #[test]
    fn exponential_is_near_the_real_one() {
        for step in 0..2000 {
            let a = -step * ((1 << 30) / 1000);
            let real = (f64::from(a) / f64::from(1 << 26)).exp();
            let fixed = f64::from(exponential::<5>(a)) / f64::from(1u32 << 31);
            assert!((real - fixed).abs() < 1e-6, "{a}: {real} {fixed}");
            let four = f64::from(exponential::<4>(a)) / f64::from(1u32 << 31);
            assert!((real.sqrt() - four).abs() < 1e-6, "{a}: {real} {four}");
        }
    }

    #[test]
    fn reciprocal_is_near_the_real_one() {
        for sum in (1 << 19..i32::MAX - 1_000_003).step_by(1_000_003) {
            let real = f64::from(1 << 19) / f64::from(sum);
            let (factor, bits) = reciprocal(sum);
            let fixed = f64::from(factor) / f64::from(1u32 << 31) / f64::from(1 << bits);
            assert!((real - fixed).abs() < 1e-6, "{sum}: {real} {fixed}");
        }
    }
}
