//! Quantize: the same real values with another scale and zero point.

use super::arithmetic::{Activation, Factor, Undefined};
use crate::tensor::{Quantization, Tensor};

/// Requantises int8 or int16 to either.
pub fn quantize(input: &Tensor, quantization: Quantization) -> Result<Tensor, Undefined> {
    let real = f64::from(input.quantization.scale) / f64::from(quantization.scale);
    let factor = Factor::new(real)?;
    let mut output = Tensor::new(&input.shape, quantization);
    for at in 0..input.values.len() {
        let value = factor.times(input.centred(at))?;
        output.values[at] = Activation::None.output(value, quantization)?;
    }
    Ok(output)
}
