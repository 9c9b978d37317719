//! Softmax: `e^(β·x) ÷ Σ e^(β·x)` over the last dimension.

use super::arithmetic::{divide_by_power_of_two, fits, multiply_high, Factor, Undefined};
use super::fixed_point::{exponential, reciprocal, Fixed};
use super::softmax16::softmax16;
use crate::tensor::{Element, Quantization, Tensor};

/// What the int8 output always has.
pub const OUTPUT: Quantization = Quantization::int8(1.0 / 256.0, -128);

/// Integer bits of scaled differences.
const DIFFERENCE_BITS: u32 = 5;
/// Integer bits of the sum of exponentials.
const SUM_BITS: u32 = 12;

/// Normalises every row. Differences to the greatest value of the row go into the
/// exponential; those too large for it count as nothing.
pub fn softmax(input: &Tensor, beta: f32) -> Result<Tensor, Undefined> {
    if input.quantization.element == Element::Int16 {
        return softmax16(input, beta);
    }
    let units = f64::from(1 << (31 - DIFFERENCE_BITS));
    let real = f64::from(beta) * f64::from(input.quantization.scale) * units;
    if real <= 1.0 {
        return Err(Undefined);
    }
    let factor = Factor::new(real.min(2f64.powi(31) - 1.0));
    // 2³¹ − 1 has exponent 31, which is one more than for other operators.
    let factor = factor.unwrap_or(Factor {
        mantissa: (real.min(2f64.powi(31) - 1.0)).round() as i64,
        exponent: 31,
    });
    let most = 31.0 * units / 2f64.powi(factor.exponent);
    let least_difference = -(most.floor() as i64);
    let length = *input.shape.last().ok_or(Undefined)?;
    let mut output = Tensor::new(&input.shape, OUTPUT);
    for (row, results) in input
        .values
        .chunks(length)
        .zip(output.values.chunks_mut(length))
    {
        let greatest = i64::from(*row.iter().max().ok_or(Undefined)?);
        let mut exponentials = Vec::new();
        for value in row {
            let difference = i64::from(*value) - greatest;
            if difference < least_difference {
                exponentials.push(None);
                continue;
            }
            let scaled = Fixed {
                raw: multiply_high(fits(difference << factor.exponent)?, factor.mantissa),
                integer_bits: DIFFERENCE_BITS,
            };
            exponentials.push(Some(exponential(scaled)));
        }
        let mut sum = 0;
        for exponential in exponentials.iter().flatten() {
            sum += exponential.rescaled(SUM_BITS).raw;
        }
        let (factor, over) = reciprocal(Fixed {
            raw: fits(sum)?,
            integer_bits: SUM_BITS,
        });
        let bits = u32::try_from(over + 31 - 8).map_err(|_| Undefined)?;
        if bits > 31 {
            return Err(Undefined);
        }
        for (result, exponential) in results.iter_mut().zip(exponentials) {
            let share = exponential.map_or(0, |exponential| {
                divide_by_power_of_two(factor.times(exponential).raw, bits)
            });
            *result = (share - 128).clamp(-128, 127) as i16;
        }
    }
    Ok(output)
}
