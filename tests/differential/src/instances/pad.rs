//! Random Pad operators.

use tflite_writer::Random;

use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::pad::pad;

/// Adds one: around an image, or anywhere but the batch.
pub fn append(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let tensor = graph.tensor(input);
    let image = tensor.shape.len() == 4 && random.once_in(2);
    let mut paddings = vec![[0; 2]; tensor.shape.len()];
    for (axis, around) in paddings.iter_mut().enumerate() {
        let inside = if image {
            axis == 1 || axis == 2
        } else {
            axis > 0
        };
        if inside {
            *around = [0; 2].map(|_: usize| draw::size(random, 6) - 1);
        }
    }
    let output = pad(tensor, &paddings);
    if output.values.len() > draw::MOST_ELEMENTS {
        return Err(Again);
    }
    graph.describe(format!("pad: {paddings:?}"));
    let flat: Vec<i32> = paddings.iter().flatten().map(|size| *size as i32).collect();
    let numbers = [input, graph.integers(&[paddings.len(), 2], &flat)];
    Ok(graph.operator(34, &numbers, Vec::new(), output))
}
