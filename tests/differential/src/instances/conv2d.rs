//! Random Conv2D operators.

use tflite_writer::flatbuffer::Value;
use tflite_writer::model::conv_options;
use tflite_writer::Random;

use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::conv2d::conv2d;

/// Adds one.
pub fn append(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let tensor = graph.tensor(input);
    let [height, width, depth] = tensor.image();
    let window = draw::window(random, [height, width], true);
    let channels = draw::size(random, 24);
    let terms = window.kernel[0] * window.kernel[1] * depth;
    draw::affordable(&window, [height, width, channels], terms)?;
    let element = tensor.quantization.element;
    let filter = draw::filter_for(random, element, channels, terms, usize::MAX);
    let quantization = draw::output(random, tensor.quantization, &filter, terms);
    let activation = draw::activation(random);
    let output = conv2d(tensor, &filter, &window, activation, quantization)?;
    graph.describe(format!(
        "conv_2d: {channels} channels, {window:?}, {activation:?}, {}, {quantization:?}",
        filter.summary()
    ));
    let shape = [channels, window.kernel[0], window.kernel[1], depth];
    let inputs = graph.filter(input, &shape, &filter, 0);
    let (stride, dilation) = (window.stride, window.dilation);
    let mut options = conv_options(window.same, stride, activation as u8, dilation);
    options.extend(filter.bias_type().map(|code| (6, Value::U8(code))));
    Ok(graph.operator(3, &inputs, options, output))
}
