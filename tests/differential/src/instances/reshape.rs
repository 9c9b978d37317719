//! Random Reshape operators.

use tflite_writer::flatbuffer::Value;
use tflite_writer::Random;

use crate::draw::Again;
use crate::graph::Graph;
use crate::tensor::Tensor;

/// Adds one: the dimensions in another order, or all in one.
pub fn append(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let tensor = graph.tensor(input);
    let mut shape = tensor.shape.clone();
    match random.below(3) {
        0 => shape = vec![1, tensor.values.len()],
        1 => shape.reverse(),
        _ => shape.rotate_left(1),
    }
    let output = Tensor {
        shape: shape.clone(),
        ..tensor.clone()
    };
    graph.describe(format!("reshape: to {shape:?}"));
    let sizes: Vec<i32> = shape.iter().map(|size| *size as i32).collect();
    let numbers = [input, graph.integers(&[sizes.len()], &sizes)];
    Ok(graph.operator(22, &numbers, vec![(0, Value::I32s(sizes))], output))
}
