//! Random AveragePool2D and MaxPool2D operators.

use tflite_writer::flatbuffer::Value;
use tflite_writer::model::pool_options;
use tflite_writer::Random;

use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::pool2d::{pool2d, Pool};
use crate::reference::window::Window;

/// Adds an AveragePool2D.
pub fn append_average(
    random: &mut Random,
    graph: &mut Graph,
    input: usize,
) -> Result<usize, Again> {
    append(random, graph, input, Pool::Average)
}

/// Adds a MaxPool2D.
pub fn append_max(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    append(random, graph, input, Pool::Max)
}

fn append(
    random: &mut Random,
    graph: &mut Graph,
    input: usize,
    pool: Pool,
) -> Result<usize, Again> {
    let [height, width, _] = graph.tensor(input).image();
    let mut window = draw::window(random, [height, width], false);
    if random.once_in(4) {
        // The whole image, as at the end of most networks.
        (window.kernel, window.same) = ([height, width], false);
    }
    with(random, graph, input, pool, &window)
}

/// Adds one with the given window.
pub fn with(
    random: &mut Random,
    graph: &mut Graph,
    input: usize,
    pool: Pool,
    window: &Window,
) -> Result<usize, Again> {
    let activation = draw::activation(random);
    let output = pool2d(pool, graph.tensor(input), window, activation)?;
    let (code, name) = match pool {
        Pool::Average => (1, "average_pool_2d"),
        Pool::Max => (17, "max_pool_2d"),
    };
    graph.describe(format!("{name}: {window:?}, {activation:?}"));
    let mut options = pool_options(window.same, window.stride, window.kernel);
    options.push((5, Value::U8(activation as u8)));
    Ok(graph.operator(code, &[input], options, output))
}
