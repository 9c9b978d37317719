//! Conv2D: every output channel sees every input channel under the window.

use super::arithmetic::{fits, Activation, Factor, Undefined};
use super::window::{Tap, Window};
use crate::tensor::{Quantization, Tensor};

/// How products are summed, which the type of the biases says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sums {
    /// int32 biases: in 32 bits, rounded twice.
    Narrow,
    /// int64 biases, with int16 activations alone: in 64 bits, rounded once.
    Wide,
}

impl Sums {
    /// The output steps of a sum.
    pub fn steps(self, factor: Factor, sum: i64) -> Result<i64, Undefined> {
        match self {
            Self::Narrow => factor.times(fits(sum)?),
            Self::Wide => factor.times_wide(sum),
        }
    }
}

/// Weights and what goes with them. Weights are symmetric: their zero point is 0.
#[derive(Clone, Debug)]
pub struct Filter {
    /// By output channel, row, column, input channel.
    pub weights: Vec<i8>,
    /// One scale, or one for each output channel.
    pub scales: Vec<f32>,
    /// One for each output channel, in steps of input scale × weight scale; absent
    /// biases are 0.
    pub biases: Option<Vec<i64>>,
    /// How products are summed.
    pub sums: Sums,
    /// Output channels.
    pub channels: usize,
}

impl Filter {
    /// What a description says of it.
    pub fn summary(&self) -> String {
        let (count, first) = (self.scales.len(), self.scales[0]);
        let biases = if self.biases.is_some() { "" } else { "no " };
        let sums = self.sums;
        format!("{count} weight scales from {first}, {biases}biases, {sums:?}")
    }

    /// The number of int32 in TensorFlow Lite's schema, where that is an option since
    /// there are no biases to tell: sums of int16 activations are wide without it.
    pub fn bias_type(&self) -> Option<u8> {
        (self.biases.is_none() && self.sums == Sums::Narrow).then_some(2)
    }

    /// Bias of an output channel.
    pub fn bias(&self, channel: usize) -> i64 {
        self.biases.as_ref().map_or(0, |biases| biases[channel])
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
                let value = filter.sums.steps(*factor, sum)?;
                let at = output.pixel(y, x, channel);
                output.values[at] = activation.output(value, quantization)?;
            }
        }
    }
    Ok(output)
}
