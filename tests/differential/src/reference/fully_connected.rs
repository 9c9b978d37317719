//! FullyConnected: a matrix times each row of the input.

use super::arithmetic::{Activation, Factor, Undefined};
use super::conv2d::Filter;
use crate::tensor::{Quantization, Tensor};

/// Multiplies. The filter's weights are by output, input; the input is rows of as
/// many values as a weight row has, whatever its shape; the output has `shape`.
pub fn fully_connected(
    input: &Tensor,
    filter: &Filter,
    activation: Activation,
    shape: &[usize],
    quantization: Quantization,
) -> Result<Tensor, Undefined> {
    let inputs = filter.weights.len() / filter.channels;
    let rows = input.values.len() / inputs;
    let factors = match filter.scales[..] {
        // With one scale, the product of scales is a 32-bit number.
        [scale] => {
            let product = input.quantization.scale * scale;
            let factor = Factor::new(f64::from(product) / f64::from(quantization.scale))?;
            vec![factor; filter.channels]
        }
        _ => filter.factors(input.quantization, quantization)?,
    };
    let mut output = Tensor::new(shape, quantization);
    for row in 0..rows {
        for (channel, factor) in factors.iter().enumerate() {
            let mut sum = filter.bias(channel);
            for from in 0..inputs {
                let weight = filter.weights[channel * inputs + from];
                sum += input.centred(row * inputs + from) * i64::from(weight);
            }
            let value = filter.sums.steps(*factor, sum)?;
            output.values[row * filter.channels + channel] =
                activation.output(value, quantization)?;
        }
    }
    Ok(output)
}
