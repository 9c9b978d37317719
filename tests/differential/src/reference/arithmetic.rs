//! Real factors in fixed point, rounding, and activation ranges.

use crate::tensor::Quantization;

/// TensorFlow Lite refuses the operator, or its 32-bit arithmetic would overflow,
/// for which C++ defines no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undefined;

/// The integer, if 32 bits hold it.
pub fn fits(value: i64) -> Result<i64, Undefined> {
    i32::try_from(value).map(i64::from).map_err(|_| Undefined)
}

/// A real factor `mantissa × 2^(exponent − 31)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Zero, or 2³⁰ to 2³¹ − 1.
    pub mantissa: i64,
    /// Positive shifts left, negative right.
    pub exponent: i32,
}

impl Factor {
    /// The factor nearest to `real`; zero below 2⁻³².
    pub fn new(real: f64) -> Result<Self, Undefined> {
        if !real.is_finite() || real < 0.0 {
            return Err(Undefined);
        }
        let mut half_to_one = real;
        let mut exponent = 0;
        while half_to_one != 0.0 && half_to_one < 0.5 {
            half_to_one *= 2.0;
            exponent -= 1;
        }
        while half_to_one >= 1.0 {
            half_to_one /= 2.0;
            exponent += 1;
        }
        let mut mantissa = (half_to_one * 2f64.powi(31)).round() as i64;
        if mantissa == 1 << 31 {
            mantissa /= 2;
            exponent += 1;
        }
        if exponent < -31 {
            (mantissa, exponent) = (0, 0);
        }
        if exponent > 30 {
            return Err(Undefined);
        }
        Ok(Self { mantissa, exponent })
    }

    /// A sum of 64 bits times the factor, whose mantissa is rounded to 16 bits first;
    /// then rounded once, halves upwards. TensorFlow Lite takes sums of 48 bits, and
    /// exponents up to 7.
    pub fn times_wide(self, sum: i64) -> Result<i64, Undefined> {
        let limit = 1i64 << 47;
        if !(-limit..limit).contains(&sum) || self.exponent > 7 {
            return Err(Undefined);
        }
        let mantissa = match self.mantissa {
            0x7fff_0000.. => 0x7fff,
            mantissa => (mantissa + 0x8000) / 0x1_0000,
        };
        let divisor = 1i128 << (15 - self.exponent);
        let product = i128::from(sum) * i128::from(mantissa) + divisor / 2;
        fits(product.div_euclid(divisor) as i64)
    }

    /// `value` times the factor, rounded twice.
    pub fn times(self, value: i64) -> Result<i64, Undefined> {
        let shifted = fits(value << self.exponent.max(0))?;
        let high = multiply_high(shifted, self.mantissa);
        Ok(divide_by_power_of_two(high, (-self.exponent).max(0) as u32))
    }
}

/// `a × b ÷ 2³¹` rounded to nearest, halves upwards, of 32-bit integers; saturates.
pub fn multiply_high(a: i64, b: i64) -> i64 {
    let product = a * b;
    let nudge = if product >= 0 { 1 << 30 } else { 1 - (1 << 30) };
    let high = (product + nudge) / (1 << 31);
    high.min(i64::from(i32::MAX))
}

/// `value ÷ 2^exponent` rounded to nearest, halves away from zero.
pub fn divide_by_power_of_two(value: i64, exponent: u32) -> i64 {
    let divisor = 1i64 << exponent;
    let rounded = (value.abs() + divisor / 2) / divisor;
    rounded * value.signum()
}

/// A fused activation function, with its number in TensorFlow Lite's schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// All values.
    None = 0,
    /// Not below 0.
    Relu = 1,
    /// −1 to 1.
    ReluMinus1To1 = 2,
    /// 0 to 6.
    Relu6 = 3,
}

impl Activation {
    /// Least and greatest output.
    pub fn range(self, output: Quantization) -> Result<(i64, i64), Undefined> {
        let of = |real: f32| {
            let steps = fits((real / output.scale).round() as i64)?;
            fits(steps + i64::from(output.zero_point))
        };
        let ends = output.element.ends();
        let (least, greatest) = match self {
            Self::None => ends,
            Self::Relu => (of(0.0)?, ends.1),
            Self::ReluMinus1To1 => (of(-1.0)?, of(1.0)?),
            Self::Relu6 => (of(0.0)?, of(6.0)?),
        };
        Ok((least.max(ends.0), greatest.min(ends.1)))
    }

    /// The output for `value` steps from zero: zero point added, then clamped.
    pub fn output(self, value: i64, output: Quantization) -> Result<i16, Undefined> {
        let (least, greatest) = self.range(output)?;
        let value = fits(value + i64::from(output.zero_point))?;
        Ok(value.min(greatest).max(least) as i16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_near_what_they_stand_for() {
        for real in [1.0, 0.5, 0.37, 2.0, 1000.1, 1e-6] {
            let factor = Factor::new(real).unwrap();
            let back = factor.mantissa as f64 * 2f64.powi(factor.exponent - 31);
            assert!((back / real - 1.0).abs() < 1e-9, "{real}");
        }
        assert_eq!(Factor::new(1e-12).unwrap().mantissa, 0);
        assert_eq!(Factor::new(f64::NAN), Err(Undefined));
    }

    #[test]
    fn rounds_twice() {
        let half = Factor::new(0.5).unwrap();
        let eighth = Factor::new(0.125).unwrap();
        assert_eq!(half.times(3), Ok(2));
        // ⌊−3 ÷ 2 + ½⌋: halves go up in the first rounding.
        assert_eq!(half.times(-3), Ok(-1));
        // Away from zero in the second.
        assert_eq!(eighth.times(-4), Ok(-1));
        assert_eq!(Factor::new(4.0).unwrap().times(1 << 30), Err(Undefined));
    }

    #[test]
    fn wide_sums_round_once() {
        let half = Factor::new(0.5).unwrap();
        assert_eq!(half.times_wide(3), Ok(2));
        assert_eq!(half.times_wide(-3), Ok(-1));
        let eighth = Factor::new(0.125).unwrap();
        assert_eq!(eighth.times_wide(-4), Ok(0));
        assert_eq!(eighth.times_wide(1 << 33), Ok(1 << 30));
        assert_eq!(eighth.times_wide(1 << 47), Err(Undefined));
        assert_eq!(half.times_wide(1 << 40), Err(Undefined));
    }

    #[test]
    fn activations() {
        let output = Quantization::int8(0.1, -20);
        assert_eq!(Activation::Relu6.range(output), Ok((-20, 40)));
        assert_eq!(Activation::ReluMinus1To1.output(50, output), Ok(-10));
        assert_eq!(Activation::Relu.output(-50, output), Ok(-20));
        assert_eq!(Activation::None.output(-500, output), Ok(-128));
        let wide = Quantization::int16(0.001);
        assert_eq!(Activation::Relu6.range(wide), Ok((0, 6000)));
        assert_eq!(Activation::None.output(-40_000, wide), Ok(-32_768));
    }
}
