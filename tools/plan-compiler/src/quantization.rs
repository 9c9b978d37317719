//! Real factors to fixed point, as TensorFlow Lite Micro computes them.

use anchorhold_engine::fixed_point::Multiplier;

/// `value = mantissa × 2^exponent` with a mantissa in [½, 1).
fn split(value: f64) -> (f64, i32) {
    if value == 0.0 || !value.is_finite() {
        return (value, 0);
    }
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    if exponent == 0 {
        let (mantissa, exponent) = split(value * 2f64.powi(64));
        return (mantissa, exponent - 64);
    }
    let mantissa = f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52));
    (mantissa, exponent - 1022)
}

/// The nearest fixed-point factor; zero where `value` is below 2⁻³².
pub fn multiplier(value: f64) -> Multiplier {
    let (mantissa, mut shift) = split(value);
    let mut fixed = (mantissa * 2f64.powi(31)).round() as i64;
    if fixed == 1 << 31 {
        fixed /= 2;
        shift += 1;
    }
    if shift < -31 || fixed == 0 {
        (fixed, shift) = (0, 0);
    }
    if shift > 30 {
        (fixed, shift) = (i64::from(i32::MAX), 30);
    }
    Multiplier {
        multiplier: fixed as i32,
        shift,
    }
}

/// The int8 that stands for `value`, before saturation.
pub fn quantize(value: f32, scale: f32, zero_point: i8) -> i32 {
    i32::from(zero_point).saturating_add((value / scale).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::{multiplier, quantize, split};

    #[test]
    fn split_inverts() {
        for value in [1.0, 0.5, 0.75, 3.0e-9, 1234.5, f64::MIN_POSITIVE / 8.0] {
            let (mantissa, exponent) = split(value);
            assert!((0.5..1.0).contains(&mantissa));
            let (half, rest) = (exponent / 2, exponent - exponent / 2);
            assert_eq!(mantissa * 2f64.powi(half) * 2f64.powi(rest), value);
        }
    }

    #[test]
    fn known_multipliers() {
        let of = |value| (multiplier(value).multiplier, multiplier(value).shift);
        assert_eq!(of(1.0), (1 << 30, 1));
        assert_eq!(of(0.25), (1 << 30, -1));
        assert_eq!(of(0.0), (0, 0));
        assert_eq!(of(1.0 - 1e-12), (1 << 30, 1));
        assert_eq!(of(1e-12), (0, 0));
    }

    #[test]
    fn quantize_rounds_halves_away_from_zero() {
        assert_eq!(quantize(0.5, 1.0, 0), 1);
        assert_eq!(quantize(-0.5, 1.0, 0), -1);
        assert_eq!(quantize(6.0, 0.01, -128), 472);
    }
}
