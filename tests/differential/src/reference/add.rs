//! Add: the sum of two tensors, element by element.

use super::arithmetic::{fits, Activation, Factor, Undefined};
use super::mul::broadcast;
use crate::tensor::{Element, Quantization, Tensor};

/// Bits of headroom that inputs get before they are rescaled.
fn headroom(element: Element) -> u32 {
    match element {
        Element::Int8 => 20,
        Element::Int16 => 15,
    }
}

/// A factor that must be below one, as TensorFlow Lite demands for Add.
fn below_one(real: f64) -> Result<Factor, Undefined> {
    let factor = Factor::new(real)?;
    if real >= 1.0 || factor.exponent > 0 {
        return Err(Undefined);
    }
    Ok(factor)
}

/// Adds. Inputs are brought to a common scale, twice the greater of theirs.
pub fn add(
    first: &Tensor,
    second: &Tensor,
    activation: Activation,
    quantization: Quantization,
) -> Result<Tensor, Undefined> {
    let scale = |tensor: &Tensor| f64::from(tensor.quantization.scale);
    let twice = 2.0 * scale(first).max(scale(second));
    let first_factor = below_one(scale(first) / twice)?;
    let second_factor = below_one(scale(second) / twice)?;
    let headroom = headroom(quantization.element);
    let unit = 2f64.powi(headroom as i32) * f64::from(quantization.scale);
    let output_factor = below_one(twice / unit)?;
    broadcast(first, second, quantization, |one, other| {
        let one = first_factor.times(fits(one << headroom)?)?;
        let other = second_factor.times(fits(other << headroom)?)?;
        let sum = output_factor.times(fits(one + other)?)?;
        activation.output(sum, quantization)
    })
}
