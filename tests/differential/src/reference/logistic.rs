//! Logistic: `1 ÷ (1 + e^−x)`.

use super::arithmetic::{divide_by_power_of_two, Factor, Undefined};
use super::fixed_point::{self, Fixed};
use super::sigmoid16;
use crate::tensor::{Element, Quantization, Tensor};

/// What the int8 output always has.
pub const OUTPUT: Quantization = Quantization::int8(1.0 / 256.0, -128);

/// Integer bits of what goes into the function; larger inputs saturate.
const INTEGER_BITS: u32 = 4;

/// An input as the function takes it, or the sign of its infinity.
pub enum Argument {
    /// Within the integer bits.
    Finite(Fixed),
    /// Saturated, and whether upwards.
    Infinite(bool),
}

/// Brings the inputs to four integer bits; those that do not fit saturate. What fits
/// is found with the factor's exponent alone.
pub fn arguments(input: &Tensor) -> Result<Vec<Argument>, Undefined> {
    let units = f64::from(1 << (31 - INTEGER_BITS));
    let factor = Factor::new(f64::from(input.quantization.scale) * units)?;
    if factor.exponent < 0 {
        return Err(Undefined);
    }
    let most = 15.0 * units / 2f64.powi(factor.exponent);
    let radius = most.floor() as i64;
    let argument = |at| {
        let value = input.centred(at);
        if value <= -radius || value >= radius {
            // Where nothing fits at all, zero counts as far below.
            return Ok(Argument::Infinite(value > -radius));
        }
        Ok(Argument::Finite(Fixed {
            raw: factor.times(value)?,
            integer_bits: INTEGER_BITS,
        }))
    };
    (0..input.values.len()).map(argument).collect()
}

/// Computes the function.
pub fn logistic(input: &Tensor) -> Result<Tensor, Undefined> {
    if input.quantization.element == Element::Int16 {
        return sigmoid16::logistic(input);
    }
    let mut output = Tensor::new(&input.shape, OUTPUT);
    for (result, argument) in output.values.iter_mut().zip(arguments(input)?) {
        *result = match argument {
            Argument::Infinite(upwards) => [-128, 127][usize::from(upwards)],
            Argument::Finite(x) => {
                let share = divide_by_power_of_two(fixed_point::logistic(x).raw, 31 - 8);
                (share - 128).clamp(-128, 127) as i16
            }
        };
    }
    Ok(output)
}
