//! Random DepthwiseConv2D operators.

use tflite_writer::model::depthwise_options;
use tflite_writer::Random;

use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::depthwise_conv2d::depthwise_conv2d;
use crate::reference::window::Window;
use crate::tensor::Quantization;

/// Adds one.
pub fn append(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let [height, width, _] = graph.tensor(input).image();
    let window = draw::window(random, [height, width], true);
    let any = draw::size(random, 12);
    let multiplier = random.of(&[1, 1, 1, 2, 3, any]);
    with(random, graph, input, &window, multiplier, None)
}

/// Adds a tensor of the input's shape with a quantisation of its own: one of a
/// kernel of one pixel.
pub fn append_pixelwise(
    random: &mut Random,
    graph: &mut Graph,
    input: usize,
) -> Result<usize, Again> {
    with(random, graph, input, &Window::PIXEL, 1, None)
}

/// Adds a tensor with the input's quantisation, but `multiplier` as many channels.
pub fn append_channels(
    random: &mut Random,
    graph: &mut Graph,
    input: usize,
    multiplier: usize,
) -> Result<usize, Again> {
    let quantization = graph.tensor(input).quantization;
    with(
        random,
        graph,
        input,
        &Window::PIXEL,
        multiplier,
        Some(quantization),
    )
}

fn with(
    random: &mut Random,
    graph: &mut Graph,
    input: usize,
    window: &Window,
    multiplier: usize,
    quantization: Option<Quantization>,
) -> Result<usize, Again> {
    let tensor = graph.tensor(input);
    let [height, width, depth] = tensor.image();
    let channels = depth * multiplier;
    let terms = window.kernel[0] * window.kernel[1];
    draw::affordable(window, [height, width, channels], terms)?;
    let element = tensor.quantization.element;
    let filter = draw::filter_for(random, element, channels, terms, 0);
    let quantization =
        quantization.unwrap_or_else(|| draw::output(random, tensor.quantization, &filter, terms));
    let activation = draw::activation(random);
    let output = depthwise_conv2d(tensor, &filter, window, activation, quantization)?;
    graph.describe(format!(
        "depthwise_conv_2d: multiplier {multiplier}, {window:?}, {activation:?}, {}, {quantization:?}",
        filter.summary()
    ));
    let shape = [1, window.kernel[0], window.kernel[1], channels];
    let inputs = graph.filter(input, &shape, &filter, 3);
    let (same, stride, dilation) = (window.same, window.stride, window.dilation);
    let options = depthwise_options(multiplier, same, stride, activation as u8, dilation);
    Ok(graph.operator(4, &inputs, options, output))
}
