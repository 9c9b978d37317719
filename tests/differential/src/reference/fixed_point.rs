//! Exponential functions in fixed point, as gemmlowp defines them.
//!
//! They are polynomials with given coefficients, evaluated with a given rounding, so
//! that everybody gets the same bits.

use super::arithmetic::{divide_by_power_of_two, multiply_high};

/// `raw × 2^(integer bits − 31)`; `raw` is a 32-bit integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The number's 32 bits.
    pub raw: i64,
    /// How many of them stand before the point.
    pub integer_bits: u32,
}

impl Fixed {
    /// The number nearest to `real`; 1 without integer bits is just below 1.
    fn new(real: f64, integer_bits: u32) -> Self {
        let raw = (real * 2f64.powi(31 - integer_bits as i32)).round();
        Self {
            raw: raw.min(f64::from(i32::MAX)) as i64,
            integer_bits,
        }
    }

    fn with(self, raw: i64) -> Self {
        assert!(i32::try_from(raw).is_ok(), "{raw} overflows");
        Self { raw, ..self }
    }

    fn plus(self, other: Self) -> Self {
        assert_eq!(self.integer_bits, other.integer_bits);
        self.with(self.raw + other.raw)
    }

    fn minus(self, other: Self) -> Self {
        assert_eq!(self.integer_bits, other.integer_bits);
        self.with(self.raw - other.raw)
    }

    /// The product; integer bits add up.
    pub fn times(self, other: Self) -> Self {
        Self {
            raw: multiply_high(self.raw, other.raw),
            integer_bits: self.integer_bits + other.integer_bits,
        }
    }

    /// The same number with other integer bits: rounded, or saturated.
    pub fn rescaled(self, integer_bits: u32) -> Self {
        let raw = if integer_bits >= self.integer_bits {
            divide_by_power_of_two(self.raw, integer_bits - self.integer_bits)
        } else {
            let wide = self.raw << (self.integer_bits - integer_bits);
            wide.clamp(i32::MIN.into(), i32::MAX.into())
        };
        Self { raw, integer_bits }
    }

    /// The same bits for a number `2^difference` times as large.
    fn reinterpreted(self, difference: i32) -> Self {
        Self {
            integer_bits: self.integer_bits.checked_add_signed(difference).unwrap(),
            ..self
        }
    }

    fn halved(self) -> Self {
        self.with(divide_by_power_of_two(self.raw, 1))
    }
}

/// e^`a` for `a` in [−¼, 0), without integer bits: Taylor's series about −⅛.
fn exponential_near_zero(a: Fixed) -> Fixed {
    let centre = Fixed::new((-0.125f64).exp(), 0);
    let third = Fixed::new(1.0 / 3.0, 0);
    let x = a.plus(Fixed::new(0.125, 0));
    let square = x.times(x);
    let cube = square.times(x);
    let fourth = square.times(square);
    // x⁴ ÷ 24 + x³ ÷ 6 + x² ÷ 2
    let quarter = fourth.halved_twice();
    let higher = quarter.plus(cube).times(third).plus(square).halved();
    centre.plus(centre.times(x.plus(higher)))
}

impl Fixed {
    /// A quarter, rounded once.
    fn halved_twice(self) -> Self {
        self.with(divide_by_power_of_two(self.raw, 2))
    }
}

/// e^`a` for `a` ≤ 0, without integer bits.
pub fn exponential(a: Fixed) -> Fixed {
    if a.raw == 0 {
        return Fixed::new(1.0, 0);
    }
    // a = fraction − quarters, fraction in [−¼, 0).
    let quarter = 1i64 << (31 - a.integer_bits - 2);
    let fraction = a.raw.rem_euclid(quarter) - quarter;
    let mut rest = fraction - a.raw;
    let mut result = exponential_near_zero(a.with(fraction).rescaled(0));
    // e^−¼, e^−½, e^−1, … for every bit of what remains.
    let mut step = 0.25f64;
    let mut bit = quarter;
    while bit < 1 << 31 {
        if rest & bit != 0 {
            result = result.times(Fixed::new((-step).exp(), 0));
            rest -= bit;
        }
        (step, bit) = (2.0 * step, 2 * bit);
    }
    assert_eq!(rest, 0);
    result
}

/// 1 ÷ (1 + `a`) ÷ 2 … as [`newton`] gives it: with two integer bits, 2 ÷ (1 + `a`).
///
/// `a` is in [0, 1] without integer bits. Three steps of Newton and Raphson for the
/// reciprocal of half the denominator, from 48 ÷ 17 − 32 ÷ 17 × it.
fn newton(a: Fixed) -> Fixed {
    let one = Fixed::new(1.0, 0);
    // Both are positive: halves round up.
    let half = a.with((a.raw + one.raw + 1) / 2);
    let start = Fixed::new(-32.0 / 17.0, 2).times(half);
    let mut x = Fixed::new(48.0 / 17.0, 2).plus(start);
    for _ in 0..3 {
        let error = Fixed::new(1.0, 2).minus(half.times(x));
        x = x.plus(x.times(error).rescaled(2));
    }
    x
}

/// 1 ÷ (1 + `a`) for `a` in [0, 1] without integer bits, likewise.
fn one_over_one_plus(a: Fixed) -> Fixed {
    newton(a).reinterpreted(-1).rescaled(0)
}

/// (1 − `a`) ÷ (1 + `a`) for `a` in [0, 1] without integer bits, likewise.
fn one_minus_over_one_plus(a: Fixed) -> Fixed {
    newton(a).minus(Fixed::new(1.0, 2)).rescaled(0)
}

/// 1 ÷ (1 + e^−`a`), without integer bits.
pub fn logistic(a: Fixed) -> Fixed {
    if a.raw == 0 {
        return Fixed::new(0.5, 0);
    }
    let positive = one_over_one_plus(exponential(a.with(-a.raw.abs())));
    if a.raw > 0 {
        return positive;
    }
    Fixed::new(1.0, 0).minus(positive)
}

/// The hyperbolic tangent, without integer bits.
pub fn tanh(a: Fixed) -> Fixed {
    if a.raw == 0 {
        return Fixed::new(0.0, 0);
    }
    // e^(−2|a|): the same bits, with one integer bit more.
    let exponential = exponential(a.with(-a.raw.abs()).reinterpreted(1));
    let positive = one_minus_over_one_plus(exponential);
    positive.with(positive.raw * a.raw.signum())
}

/// 1 ÷ `sum` as a number without integer bits, and how many bits to shift it right;
/// `sum` is positive.
pub fn reciprocal(sum: Fixed) -> (Fixed, i32) {
    // sum = 2^over × (1 + fraction)
    let highest = sum.raw.ilog2();
    let over = highest as i32 - (31 - sum.integer_bits as i32);
    let fraction = (sum.raw << (31 - highest)) - (1 << 31);
    let fraction = Fixed {
        raw: fraction,
        integer_bits: 0,
    };
    (one_over_one_plus(fraction), over)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real(fixed: Fixed) -> f64 {
        fixed.raw as f64 * 2f64.powi(fixed.integer_bits as i32 - 31)
    }

    #[test]
    fn near_the_real_functions() {
        for step in 1..4000 {
            let a = Fixed::new(-f64::from(step) / 256.0, 4);
            let x = real(a);
            let near = |fixed: Fixed, expected: f64| {
                assert!((real(fixed) - expected).abs() < 2e-6, "{x}: {fixed:?}");
            };
            near(exponential(a), x.exp());
            near(tanh(a), x.tanh());
            near(logistic(a), 1.0 / (1.0 + (-x).exp()));
            let positive = a.with(-a.raw);
            near(tanh(positive), -x.tanh());
            near(logistic(positive), 1.0 / (1.0 + x.exp()));
            let (factor, over) = reciprocal(positive);
            near(factor, 2f64.powi(over) / -x);
        }
    }
}
