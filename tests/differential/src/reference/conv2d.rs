//! Conv2D: every output channel sees every input channel under the window.

use super::arithmetic::{fits, Activation, Factor, Undefined};
use super::window::{Tap, Window};
use crate::tensor::{Quantization, Tensor};

/// Weights and what goes with them. Weights are symmetric: their zero point is 0.
#[derive(Clone, Debug)]
pub struct Filter {
    /// By output channel, row, column, input channel.
    pub weights: Vec<i8>,
    /// One scale, or one for each output channel.
    pub scales: Vec<f32>,
    /// One for each output channel, in steps of input scale × weight scale; absent
    /// biases are 0.
    pub biases: Option<Vec<i32>>,
    /// Output channels.
    pub channels: usize,
}

impl Filter {
    /// What a description says of it.
    pub fn summary(&self) -> String {
        let (count, first) = (self.scales.len(), self.scales[0]);
        let biases = if self.biases.is_some() { "" } else { "no " };
        format!("{count} weight scales from {first}, {biases}biases")
    }

    /// Bias of an output channel.
    pub fn bias(&self, channel: usize) -> i64 {
        self.biases
            .as_ref()
            .map_or(0, |biases| biases[channel].into())
    }

    /// Every output channel's factor from sums to outputs.
    pub fn factors(
        &self,
        input: Quantization,
        output: Quantization,
    ) -> Result<Vec<Factor>, Undefined> {
        let factor = |channel| {
            let scale = self.scales[channel % self.scales.len()];
            Factor::new(f64::from(input.scale) * f64::from(scale) / f64::from(output.scale))
        };
        (0..self.channels).map(factor).collect()
    }
}

/// Convolves an image.
pub fn conv2d(
    input: &Tensor,
    filter: &Filter,
    window: &Window,
    activation: Activation,
    quantization: Quantization,
) -> Result<Tensor, Undefined> {
    let [height, width, depth] = input.image();
    let taps = window.kernel[0] * window.kernel[1];
    each_output(
        input,
        filter,
        window,
        activation,
        quantization,
        |place, channel| {
            let mut sum = 0;
            for Tap { tap, row, column } in window.taps([height, width], place) {
                for from in 0..depth {
                    let weight = filter.weights[(channel * taps + tap) * depth + from];
                    sum += input.centred(input.pixel(row, column, from)) * i64::from(weight);
                }
            }
            sum
        },
    )
}

/// An output for every place (row and column) and channel, from the sum that
/// `products` come to there.
pub fn each_output(
    input: &Tensor,
    filter: &Filter,
    window: &Window,
    activation: Activation,
    quantization: Quantization,
    products: impl Fn([usize; 2], usize) -> i64,
) -> Result<Tensor, Undefined> {
    let [height, width, _] = input.image();
    let [rows, columns] = [window.output(0, height), window.output(1, width)];
    let factors = filter.factors(input.quantization, quantization)?;
    let mut output = Tensor::new(&[1, rows, columns, filter.channels], quantization);
    for y in 0..rows {
        for x in 0..columns {
            for (channel, factor) in factors.iter().enumerate() {
                let sum = filter.bias(channel) + products([y, x], channel);
                let value = factor.times(fits(sum)?)?;
                let at = output.pixel(y, x, channel);
                output.values[at] = activation.output(value, quantization)?;
            }
        }
    }
    Ok(output)
}
