//! Mul: the product of two tensors, element by element.

use super::arithmetic::{fits, Activation, Factor, Undefined};
use crate::tensor::{Quantization, Tensor};

/// Multiplies.
pub fn mul(
    first: &Tensor,
    second: &Tensor,
    activation: Activation,
    quantization: Quantization,
) -> Result<Tensor, Undefined> {
    let scale = |tensor: &Tensor| f64::from(tensor.quantization.scale);
    let factor = Factor::new(scale(first) * scale(second) / f64::from(quantization.scale))?;
    broadcast(first, second, quantization, |one, other| {
        activation.output(factor.times(fits(one * other)?)?, quantization)
    })
}

/// Applies `operation` to the elements of two tensors, less their zero points. A
/// dimension of 1 (or one that is missing in front) is repeated to fit the other's.
pub fn broadcast(
    first: &Tensor,
    second: &Tensor,
    quantization: Quantization,
    operation: impl Fn(i64, i64) -> Result<i16, Undefined>,
) -> Result<Tensor, Undefined> {
    let dimensions = first.shape.len().max(second.shape.len());
    let extended = |tensor: &Tensor| {
        let missing = dimensions - tensor.shape.len();
        [vec![1; missing], tensor.shape.clone()].concat()
    };
    let (one, other) = (extended(first), extended(second));
    let shape: Vec<usize> = one
        .iter()
        .zip(&other)
        .map(|(one, other)| *one.max(other))
        .collect();
    let mut output = Tensor::new(&shape, quantization);
    for at in 0..output.values.len() {
        // The element's coordinates, innermost first, give its place in each input.
        let (mut rest, mut places, mut steps) = (at, [0, 0], [1, 1]);
        for dimension in (0..dimensions).rev() {
            let coordinate = rest % shape[dimension];
            rest /= shape[dimension];
            for (input, sizes) in [&one, &other].into_iter().enumerate() {
                places[input] += coordinate.min(sizes[dimension] - 1) * steps[input];
                steps[input] *= sizes[dimension];
            }
        }
        output.values[at] = operation(first.centred(places[0]), second.centred(places[1]))?;
    }
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broadcasts_in_both_directions() {
        let quantization = Quantization::int8(1.0, 0);
        let tensor = |shape: &[usize], values: &[i16]| Tensor {
            values: values.to_vec(),
            ..Tensor::new(shape, quantization)
        };
        let column = tensor(&[2, 1], &[1, 10]);
        let row = tensor(&[3], &[1, 2, 3]);
        let product = mul(&column, &row, Activation::None, quantization).unwrap();
        assert_eq!(product, tensor(&[2, 3], &[1, 2, 3, 10, 20, 30]));
    }
}
