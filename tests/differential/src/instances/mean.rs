//! Random Mean operators.

use tflite_writer::flatbuffer::Value;
use tflite_writer::Random;

use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::mean::mean;

/// Adds one: over height and width of an image, or over any dimensions, counted from the
/// front or (negative) from the end.
pub fn append(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let tensor = graph.tensor(input);
    let dimensions = tensor.shape.len();
    let axes: Vec<usize> = if dimensions == 4 && random.once_in(2) {
        vec![1, 2]
    } else {
        (0..dimensions).filter(|_| random.once_in(2)).collect()
    };
    if axes.is_empty() {
        return Err(Again);
    }
    let keep = random.once_in(2);
    let mut shape = Vec::new();
    for (axis, size) in tensor.shape.iter().enumerate() {
        match (axes.contains(&axis), keep) {
            (false, _) => shape.push(*size),
            (true, true) => shape.push(1),
            (true, false) => (),
        }
    }
    if shape.is_empty() {
        return Err(Again);
    }
    let quantization = match random.below(3) {
        0 => tensor.quantization,
        _ => draw::near(
            random,
            tensor.quantization.element,
            tensor.quantization.scale.into(),
        ),
    };
    let output = mean(tensor, &axes, &shape, quantization)?;
    let from_end = random.once_in(4);
    let offset = if from_end { dimensions as i32 } else { 0 };
    let axes: Vec<i32> = axes.iter().map(|axis| *axis as i32 - offset).collect();
    graph.describe(format!(
        "mean: over {axes:?} to {shape:?}, {quantization:?}"
    ));
    let numbers = [input, graph.integers(&[axes.len()], &axes)];
    Ok(graph.operator(40, &numbers, vec![(0, Value::U8(keep.into()))], output))
}
