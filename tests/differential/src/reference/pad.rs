//! Pad: a value around a tensor.

use crate::tensor::Tensor;

/// Pads with `value`; `paddings` are before and after each dimension.
pub fn pad(input: &Tensor, paddings: &[[usize; 2]], value: i16) -> Tensor {
    let shape: Vec<usize> = input
        .shape
        .iter()
        .zip(paddings)
        .map(|(size, [before, after])| before + size + after)
        .collect();
    let mut output = Tensor::new(&shape, input.quantization);
    for at in 0..output.values.len() {
        let (mut rest, mut place, mut step, mut inside) = (at, 0, 1, true);
        for dimension in (0..shape.len()).rev() {
            let coordinate = (rest % shape[dimension]).checked_sub(paddings[dimension][0]);
            rest /= shape[dimension];
            let size = input.shape[dimension];
            match coordinate.filter(|coordinate| *coordinate < size) {
                Some(coordinate) => place += coordinate * step,
                None => inside = false,
            }
            step *= size;
        }
        output.values[at] = if inside { input.values[place] } else { value };
    }
    output
}
