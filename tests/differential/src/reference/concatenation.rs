//! Concatenation: tensors one after the other along a dimension.

use crate::tensor::Tensor;

/// Joins tensors whose other dimensions are the same, as their quantisation is.
pub fn concatenation(inputs: &[&Tensor], axis: usize) -> Tensor {
    let first = inputs[0];
    let mut shape = first.shape.clone();
    shape[axis] = inputs.iter().map(|input| input.shape[axis]).sum();
    let mut output = Tensor::new(&shape, first.quantization);
    output.values.clear();
    let outer: usize = shape[..axis].iter().product();
    for block in 0..outer {
        for input in inputs {
            let length: usize = input.shape[axis..].iter().product();
            let values = &input.values[block * length..][..length];
            output.values.extend(values);
        }
    }
    output
}
