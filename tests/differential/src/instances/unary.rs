//! Random operators that change every element by itself.

use tflite_writer::flatbuffer::{Table, Value};
use tflite_writer::Random;

use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::leaky_relu::leaky_relu;
use crate::reference::logistic::logistic;
use crate::reference::quantize::quantize;
use crate::reference::relu::{relu, relu6};
use crate::reference::tanh::tanh;
use crate::tensor::{Element, Quantization, Tensor};

/// Adds a Logistic.
pub fn append_logistic(_: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let output = logistic(graph.tensor(input))?;
    Ok(append(graph, input, 14, "logistic", Vec::new(), output))
}

/// Adds a Tanh.
pub fn append_tanh(_: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let output = tanh(graph.tensor(input))?;
    Ok(append(graph, input, 28, "tanh", Vec::new(), output))
}

/// Adds a Relu.
pub fn append_relu(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let quantization = rescaled(random, graph.tensor(input));
    let output = relu(graph.tensor(input), quantization)?;
    Ok(append(graph, input, 19, "relu", Vec::new(), output))
}

/// Adds a Relu6.
pub fn append_relu6(_: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let output = relu6(graph.tensor(input))?;
    Ok(append(graph, input, 21, "relu6", Vec::new(), output))
}

/// Adds a LeakyRelu.
pub fn append_leaky_relu(
    random: &mut Random,
    graph: &mut Graph,
    input: usize,
) -> Result<usize, Again> {
    let any = draw::scale(random, 1e-4, 4.0);
    let alpha = random.of(&[0.1, 0.2, 0.3, 0.0, 1.0, any, any, -any]);
    let quantization = rescaled(random, graph.tensor(input));
    let output = leaky_relu(graph.tensor(input), alpha, quantization)?;
    let name = format!("leaky_relu: alpha {alpha}");
    let options = vec![(0, Value::F32(alpha))];
    Ok(append(graph, input, 98, &name, options, output))
}

/// Adds a Quantize.
pub fn append_quantize(
    random: &mut Random,
    graph: &mut Graph,
    input: usize,
) -> Result<usize, Again> {
    let quantization = rescaled(random, graph.tensor(input));
    let output = quantize(graph.tensor(input), quantization)?;
    Ok(append(graph, input, 114, "quantize", Vec::new(), output))
}

/// Adds a Quantize that int16 tensors have a part in: from int8 to int16, or from int16
/// to either.
pub fn append_requantize(
    random: &mut Random,
    graph: &mut Graph,
    input: usize,
) -> Result<usize, Again> {
    let Quantization { element, scale, .. } = graph.tensor(input).quantization;
    let narrows = element == Element::Int16 && random.once_in(2);
    let (element, ratio) = match element {
        Element::Int8 => (Element::Int16, 1.0 / 256.0),
        Element::Int16 if narrows => (Element::Int8, 256.0),
        Element::Int16 => (Element::Int16, 1.0),
    };
    let quantization = draw::near(random, element, f64::from(scale) * ratio);
    let output = quantize(graph.tensor(input), quantization)?;
    Ok(append(graph, input, 114, "quantize", Vec::new(), output))
}

/// The input's quantisation, or one near it.
fn rescaled(random: &mut Random, input: &Tensor) -> Quantization {
    let element = input.quantization.element;
    let mut quantization = draw::near(random, element, input.quantization.scale.into());
    if random.once_in(4) {
        quantization.scale = input.quantization.scale;
    }
    if random.once_in(4) {
        quantization.zero_point = input.quantization.zero_point;
    }
    quantization
}

fn append(
    graph: &mut Graph,
    input: usize,
    code: i32,
    name: &str,
    options: Table,
    output: Tensor,
) -> usize {
    graph.describe(format!("{name}: {:?}", output.quantization));
    graph.operator(code, &[input], options, output)
}
