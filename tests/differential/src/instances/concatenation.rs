//! Random Concatenation operators.

use tflite_writer::flatbuffer::Value;
use tflite_writer::Random;

use super::depthwise_conv2d::append_channels;
use super::pool2d;
use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::concatenation::concatenation;
use crate::reference::pool2d::Pool;
use crate::reference::window::Window;

/// Adds one of an image, of tensors made of it, and of constants: along the channels
/// of convolutions, or along height or width of pools.
pub fn append(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let axis = 1 + random.below(3);
    let mut inputs = vec![input];
    for _ in 0..random.below(4) {
        inputs.push(part(random, graph, input, axis)?);
    }
    let chosen = random.below(inputs.len());
    inputs.swap(0, chosen);
    let tensors: Vec<_> = inputs.iter().map(|number| graph.tensor(*number)).collect();
    let output = concatenation(&tensors, axis);
    if output.values.len() > draw::MOST_ELEMENTS {
        return Err(Again);
    }
    let from_end = random.once_in(2);
    let axis = axis as i32 - if from_end { 4 } else { 0 };
    graph.describe(format!("concatenation: of tensors {inputs:?} along {axis}"));
    let options = vec![(0, Value::I32(axis)), (1, Value::U8(0))];
    Ok(graph.operator(2, &inputs, options, output))
}

/// A tensor like the input but for its size along `axis`; now and then a constant, or
/// the input itself.
fn part(random: &mut Random, graph: &mut Graph, input: usize, axis: usize) -> Result<usize, Again> {
    if random.once_in(5) {
        return Ok(input);
    }
    if random.once_in(5) {
        let mut shape = graph.tensor(input).shape.clone();
        shape[axis] = draw::size(random, 8);
        let element = graph.tensor(input).quantization.element;
        let mut constant = draw::tensor(random, element, &shape);
        constant.quantization = graph.tensor(input).quantization;
        return Ok(graph.constant_values(constant));
    }
    if axis == 3 {
        let multiplier = draw::size(random, 3);
        return append_channels(random, graph, input, multiplier);
    }
    let size = graph.tensor(input).shape[axis];
    let mut window = Window::PIXEL;
    window.kernel[axis - 1] = draw::size(random, size);
    let pool = Pool::Average;
    pool2d::with(random, graph, input, pool, &window)
}
