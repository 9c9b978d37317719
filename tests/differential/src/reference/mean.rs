//! Mean over some dimensions.

use super::arithmetic::{fits, Activation, Factor, Undefined};
use crate::tensor::{Quantization, Tensor};

/// Averages over the dimensions `axes` (each listed once); `shape` is the output's,
/// with those dimensions left out or 1.
///
/// The division is folded into the factor: its mantissa gets as many more bits as
/// the count has and is divided by the count, rounded down.
pub fn mean(
    input: &Tensor,
    axes: &[usize],
    shape: &[usize],
    quantization: Quantization,
) -> Result<Tensor, Undefined> {
    let scale = |quantization: Quantization| f64::from(quantization.scale);
    let factor = Factor::new(scale(input.quantization) / scale(quantization))?;
    let count: usize = axes.iter().map(|axis| input.shape[*axis]).product();
    let bits = (count.ilog2() as i32).min(32).min(31 + factor.exponent);
    let factor = Factor {
        mantissa: fits((factor.mantissa << bits) / count as i64)?,
        exponent: factor.exponent - bits,
    };
    let mut output = Tensor::new(shape, quantization);
    let mut sums = vec![0; output.values.len()];
    for at in 0..input.values.len() {
        let (mut rest, mut place, mut step) = (at, 0, 1);
        for dimension in (0..input.shape.len()).rev() {
            let coordinate = rest % input.shape[dimension];
            rest /= input.shape[dimension];
            if !axes.contains(&dimension) {
                place += coordinate * step;
                step *= input.shape[dimension];
            }
        }
        sums[place] += input.centred(at);
    }
    for (value, sum) in output.values.iter_mut().zip(sums) {
        *value = Activation::None.output(factor.times(fits(sum)?)?, quantization)?;
    }
    Ok(output)
}
