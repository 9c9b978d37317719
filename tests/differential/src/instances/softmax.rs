//! Random Softmax operators.

use tflite_writer::flatbuffer::Value;
use tflite_writer::Random;

use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::softmax::softmax;

/// Adds one.
pub fn append(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let any = draw::scale(random, 1e-3, 100.0);
    let beta = random.of(&[1.0, 1.0, 1.0, any]);
    let output = softmax(graph.tensor(input), beta)?;
    graph.describe(format!("softmax: beta {beta}"));
    Ok(graph.operator(25, &[input], vec![(0, Value::F32(beta))], output))
}
