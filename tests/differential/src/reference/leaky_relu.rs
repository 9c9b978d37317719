//! LeakyRelu: negative values times a constant.

use super::arithmetic::{Activation, Factor, Undefined};
use crate::tensor::{Quantization, Tensor};

/// Rescales, negative values with `alpha`. Both factors are 32-bit numbers.
pub fn leaky_relu(
    input: &Tensor,
    alpha: f32,
    quantization: Quantization,
) -> Result<Tensor, Undefined> {
    let scale = input.quantization.scale;
    let positive = Factor::new((scale / quantization.scale).into())?;
    // A negative constant changes the sign after rounding.
    let sign = if alpha < 0.0 { -1 } else { 1 };
    let negative = Factor::new((scale * alpha.abs() / quantization.scale).into())?;
    let mut output = Tensor::new(&input.shape, quantization);
    for at in 0..input.values.len() {
        let value = input.centred(at);
        let scaled = if value >= 0 {
            positive.times(value)?
        } else {
            sign * negative.times(value)?
        };
        output.values[at] = Activation::None.output(scaled, quantization)?;
    }
    Ok(output)
}
