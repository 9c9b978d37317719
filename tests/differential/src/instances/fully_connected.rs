//! Random FullyConnected operators.

use tflite_writer::flatbuffer::Value;
use tflite_writer::Random;

use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::fully_connected::fully_connected;

/// Rows, or an image that is one row. Now and then a row is so long that sums of its
/// products leave the range that kernels may take for granted.
pub fn shape(random: &mut Random) -> Vec<usize> {
    if random.once_in(200) {
        return vec![1, 30_000 + random.below(10_000)];
    }
    let inputs = draw::size(random, 700);
    let several = draw::size(random, 12);
    if random.once_in(4) {
        return vec![1, 2, 1, inputs];
    }
    vec![random.of(&[1, 1, several]), inputs]
}

/// Adds one.
pub fn append(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let tensor = graph.tensor(input);
    let rows = match tensor.shape[..] {
        [rows, _] => rows,
        _ => 1,
    };
    let inputs = tensor.values.len() / rows;
    let most = draw::MOST_PRODUCTS / tensor.values.len();
    let outputs = draw::size(random, most.min(60));
    let element = tensor.quantization.element;
    let filter = draw::filter_for(random, element, outputs, inputs, usize::MAX);
    let quantization = draw::output(random, tensor.quantization, &filter, inputs);
    let activation = draw::activation(random);
    let shape = [rows, outputs];
    let output = fully_connected(tensor, &filter, activation, &shape, quantization)?;
    graph.describe(format!(
        "fully_connected: {outputs} outputs, {activation:?}, {}, {quantization:?}",
        filter.summary()
    ));
    let numbers = graph.filter(input, &[outputs, inputs], &filter, 0);
    let mut options = vec![(0, Value::U8(activation as u8))];
    options.extend(filter.bias_type().map(|code| (4, Value::U8(code))));
    Ok(graph.operator(9, &numbers, options, output))
}
