//! Relu and Relu6 as operators of their own.

use super::arithmetic::{Activation, Factor, Undefined};
use crate::tensor::{Quantization, Tensor};

/// Relu: rescales, and leaves nothing below zero. The ratio of scales is a 32-bit
/// number.
pub fn relu(input: &Tensor, quantization: Quantization) -> Result<Tensor, Undefined> {
    let factor = Factor::new((input.quantization.scale / quantization.scale).into())?;
    let mut output = Tensor::new(&input.shape, quantization);
    for at in 0..input.values.len() {
        let value = factor.times(input.centred(at))?;
        output.values[at] = Activation::Relu.output(value, quantization)?;
    }
    Ok(output)
}

/// Relu6: clamps to what stands for 0 and 6, without rescaling.
pub fn relu6(input: &Tensor) -> Result<Tensor, Undefined> {
    let (least, greatest) = Activation::Relu6.range(input.quantization)?;
    let mut output = input.clone();
    for value in &mut output.values {
        *value = i64::from(*value).min(greatest).max(least) as i16;
    }
    Ok(output)
}
