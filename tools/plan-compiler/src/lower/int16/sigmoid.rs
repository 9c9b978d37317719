//! Logistic and Tanh, by a table of the logistic function.
//!
//! As tensorflow/lite/micro/kernels/logistic_common.cc and tanh.cc prepare them.

use anchorhold_engine::format::int16::{Function, Operation, Sigmoid, SIGMOID_TABLE_BYTES};

use super::{step, WHOLE};
use crate::error::Problem;
use crate::lower::context::Context;
use crate::step::Step;

/// Fraction bits of the reference's inputs, in which the functions saturate near ±8.
const FRACTION_BITS: i32 = 12;
/// The table reaches 4/3 as far: inputs are multiplied by 3, then cut by 2 bits more.
const TABLE_FACTOR: u16 = 3;
/// Values of the table from 0 to 1.
const STEPS: f64 = 24.0;

/// Lowers LOGISTIC.
pub fn logistic(context: &Context) -> Result<Step, Problem> {
    lower(context, Function::Logistic, 0)
}

/// Lowers TANH.
pub fn tanh(context: &Context) -> Result<Step, Problem> {
    lower(context, Function::Tanh, 1)
}

/// A function whose input may have any scale; one that is 2^−12, or up to
/// 2^`most_shift` as large, takes no rounding.
fn lower(context: &Context, function: Function, most_shift: i32) -> Result<Step, Problem> {
    let (_, input) = context.input16(0)?;
    let (_, output) = context.output16()?;
    let length = input.elements()?;
    if output.elements()? != length {
        return Err(output.unexpected(format!("{length} elements")));
    }
    if power_of_two(output.quantization()?.0) != Some(-15) {
        return Err(output.unquantized("does not have scale 1/32768"));
    }
    let (scale, _) = input.quantization()?;
    let shift_left = power_of_two(scale).map(|exponent| exponent + FRACTION_BITS);
    let (multiplier, shift) = match shift_left {
        Some(left) if (0..=most_shift).contains(&left) => (TABLE_FACTOR << left, 0),
        _ => rounded(scale).ok_or_else(|| input.unquantized("has a scale above 2.6"))?,
    };
    let operation = Operation::Sigmoid(Sigmoid {
        length,
        multiplier,
        shift,
        function,
    });
    Ok(step(context, operation, WHOLE)?.weighted(table().to_vec()))
}

/// The exponent of a scale within a thousandth of a power of two, in powers.
fn power_of_two(scale: f32) -> Option<i32> {
    let logarithm = scale.ln() * (1.0 / 2f32.ln());
    let exponent = logarithm.round();
    ((logarithm - exponent).abs() < 1e-3).then_some(exponent as i32)
}

/// The factor from a scale to the table's in 15 bits, rounded down, and how many bits
/// its products have too many; nothing where 15 bits do not do.
fn rounded(scale: f32) -> Option<(u16, u8)> {
    let mut multiplier = f64::from(scale) * f64::from(1 << FRACTION_BITS) * f64::from(TABLE_FACTOR);
    let mut shift = 0;
    while multiplier <= 32_767.0 / 2.0 && shift <= 30 {
        shift += 1;
        multiplier *= 2.0;
    }
    (multiplier < 32_768.0).then_some((multiplier as u16, shift))
}

/// The logistic function from 0 on, in units of 2⁻¹⁶. Values lie above the function by
/// half of what a straight line between two of them would lie below it.
fn table() -> [u8; SIGMOID_TABLE_BYTES] {
    let mut table = [0; SIGMOID_TABLE_BYTES];
    let last = SIGMOID_TABLE_BYTES / 2 - 1;
    for (place, bytes) in table.as_chunks_mut().0.iter_mut().enumerate() {
        let value = 1.0 / (1.0 + (-(place as f64) / STEPS).exp());
        let curvature = value * (1.0 - value) * (1.0 - 2.0 * value) / (STEPS * STEPS);
        let lifted = 65_536.0 * (value - curvature / 16.0);
        // The last is what comes closest to 1.
        let value = if place == last { 65_535.0 } else { lifted };
        *bytes = (value.round() as u16).to_le_bytes();
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_values_of_the_reference() {
        let table = table();
        let values = table.as_chunks().0.iter();
        let values: Vec<u32> = values
            .map(|value| u16::from_le_bytes(*value).into())
            .collect();
        let known = [
            (0, 32_768),
            (1, 33_451),
            (4, 35_493),
            (21, 46_255),
            (64, 61_279),
            (135, 65_301),
            (254, 65_534),
            (255, 65_535),
        ];
        for (place, value) in known {
            assert_eq!(values[place], value, "{place}");
        }
        let weighted = |(place, value): (usize, &u32)| (place as u64 + 1) * u64::from(*value);
        let checksum: u64 = values.iter().enumerate().map(weighted).sum();
        assert_eq!(checksum, 2_123_733_574);
    }

    #[test]
    fn scales_near_powers_of_two() {
        assert_eq!(power_of_two(1.0 / 4096.0), Some(-12));
        assert_eq!(power_of_two(1.0005 / 4096.0), Some(-12));
        assert_eq!(power_of_two(1.001 / 4096.0), None);
        assert_eq!(power_of_two(3e-5), None);
    }

    #[test]
    fn factors_have_15_bits() {
        assert_eq!(rounded(1.0), Some((24_576, 1)));
        assert_eq!(rounded(2.6), Some((31_948, 0)));
        assert_eq!(rounded(2.7), None);
        assert_eq!(rounded(f32::MIN_POSITIVE).map(|found| found.1), Some(31));
    }
}
