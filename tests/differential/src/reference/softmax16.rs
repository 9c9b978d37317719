//! Softmax of int16, by tables of e^x and of 1 ÷ (1 + x).

use super::arithmetic::{fits, Factor, Undefined};
use crate::tensor::{Quantization, Tensor};

/// Intervals of a table.
const INTERVALS: usize = 512;

/// A function from all of int16 to steps of 2⁻¹⁵, by straight lines.
struct Table(Vec<i64>);

impl Table {
    /// The table of a function over `first` to `first + span`, in 32-bit numbers: each
    /// value makes up for half of the error that lines have in the middle.
    fn new(scale: f32, offset: i32, function: impl Fn(f32) -> f32) -> Self {
        let real = |steps: i32| scale * (steps + offset) as f32;
        let (first, last) = (real(-32_768), real(32_767));
        let unit = 2.0f32 / 65_535.0;
        let steps_of_one = 65_536.0 / (unit * 32_767.0 - unit * -32_768.0);
        let interval = (last - first) / INTERVALS as f32;
        let steps = |x: f32| function(x) * steps_of_one;
        let mut values = Vec::new();
        for index in 0..INTERVALS {
            let (x, next) = (index as f32 * interval, (index + 1) as f32 * interval);
            let value = steps(first + x).round();
            let line = ((steps(first + next) + value) / 2.0).round();
            let middle = steps(first + x + interval / 2.0).round();
            values.push(value - ((line - middle) / 2.0).round());
        }
        values.push(steps(last).round());
        let whole = |value: f32| (value as i64).clamp(-32_768, 32_767);
        Self(values.into_iter().map(whole).collect())
    }

    /// The function's value for an input of any size.
    fn value(&self, input: i64) -> i64 {
        let place = input.clamp(-32_768, 32_767) + 32_768;
        let (index, part) = ((place / 128) as usize, place % 128);
        let slope = self.0[index + 1] - self.0[index];
        self.0[index] + (slope * part + 64).div_euclid(128)
    }
}

/// Normalises every row: differences to the greatest value of the row, in units of
/// 10 ÷ 65,535, go into the exponential.
pub fn softmax16(input: &Tensor, beta: f32) -> Result<Tensor, Undefined> {
    let exponential = Table::new(10.0 / 65_535.0, -32_767, |x| f64::from(x).exp() as f32);
    let reciprocal = Table::new(1.0 / 65_535.0, 32_768, |x| 1.0 / (1.0 + x));
    let scale = f64::from(input.quantization.scale) * f64::from(beta);
    let factor = Factor::new(scale / (10.0 / 65_535.0))?;
    // What the greatest difference must leave room for.
    fits(65_535 << factor.exponent.max(0))?;
    let length = *input.shape.last().ok_or(Undefined)?;
    let mut output = Tensor::new(&input.shape, Quantization::int16(1.0 / 32_768.0));
    let rows = input
        .values
        .chunks(length)
        .zip(output.values.chunks_mut(length));
    for (row, results) in rows {
        let greatest = i64::from(*row.iter().max().ok_or(Undefined)?);
        let mut exponentials = Vec::new();
        for value in row {
            let difference = factor.times(i64::from(*value) - greatest)?;
            exponentials.push(exponential.value(difference + 32_767));
        }
        // sum = (1 + x) · 2^highest; x with 16 bits goes to the table.
        let sum: i64 = exponentials.iter().sum();
        let highest = sum.ilog2();
        let fraction = ((sum << (30 - highest)) + (1 << 13)) / (1 << 14) - (1 << 16);
        let factor = reciprocal.value(fraction - (1 << 15));
        for (result, exponential) in results.iter_mut().zip(exponentials) {
            let divisor = 1i64 << highest;
            let share = (exponential * factor + divisor / 2) / divisor;
            *result = share.clamp(0, 32_767) as i16;
        }
    }
    Ok(output)
}
