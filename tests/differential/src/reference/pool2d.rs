//! AveragePool2D and MaxPool2D. Padding does not count.

use super::arithmetic::{Activation, Undefined};
use super::window::{Tap, Window};
use crate::tensor::Tensor;

/// What becomes of the values under a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pool {
    /// Their mean, rounded to nearest, halves away from zero.
    Average,
    /// The greatest.
    Max,
}

impl Pool {
    fn of(self, values: &[i64]) -> i64 {
        match self {
            Self::Max => values.iter().copied().max().unwrap_or(i16::MIN.into()),
            Self::Average => {
                let (sum, count) = (values.iter().sum::<i64>(), values.len() as i64);
                // `/` rounds towards zero.
                (sum + sum.signum() * (count / 2)) / count
            }
        }
    }
}

/// Pools an image; the output has the input's quantisation.
pub fn pool2d(
    pool: Pool,
    input: &Tensor,
    window: &Window,
    activation: Activation,
) -> Result<Tensor, Undefined> {
    let [height, width, channels] = input.image();
    let [rows, columns] = [window.output(0, height), window.output(1, width)];
    let mut output = Tensor::new(&[1, rows, columns, channels], input.quantization);
    let (least, greatest) = activation.range(input.quantization)?;
    for y in 0..rows {
        for x in 0..columns {
            for channel in 0..channels {
                let value = |Tap { row, column, .. }| {
                    i64::from(input.values[input.pixel(row, column, channel)])
                };
                let taps = window.taps([height, width], [y, x]);
                let values: Vec<i64> = taps.map(value).collect();
                let at = output.pixel(y, x, channel);
                output.values[at] = pool.of(&values).max(least).min(greatest) as i16;
            }
        }
    }
    Ok(output)
}
