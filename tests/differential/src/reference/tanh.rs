//! Tanh: the hyperbolic tangent.

use super::arithmetic::{divide_by_power_of_two, Undefined};
use super::fixed_point;
use super::logistic::{arguments, Argument};
use super::sigmoid16;
use crate::tensor::{Element, Quantization, Tensor};

/// What the int8 output always has.
pub const OUTPUT: Quantization = Quantization::int8(1.0 / 128.0, 0);

/// Computes the function.
pub fn tanh(input: &Tensor) -> Result<Tensor, Undefined> {
    if input.quantization.element == Element::Int16 {
        return sigmoid16::tanh(input);
    }
    let mut output = Tensor::new(&input.shape, OUTPUT);
    for (result, argument) in output.values.iter_mut().zip(arguments(input)?) {
        *result = match argument {
            Argument::Infinite(upwards) => [-128, 127][usize::from(upwards)],
            Argument::Finite(x) => {
                let value = divide_by_power_of_two(fixed_point::tanh(x).raw, 31 - 7);
                value.clamp(-128, 127) as i16
            }
        };
    }
    Ok(output)
}
