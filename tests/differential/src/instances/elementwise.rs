//! Random Add and Mul operators.

use tflite_writer::flatbuffer::Value;
use tflite_writer::Random;

use super::depthwise_conv2d::append_pixelwise;
use super::pool2d;
use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::add::add;
use crate::reference::arithmetic::{Activation, Undefined};
use crate::reference::mul::mul;
use crate::reference::pool2d::Pool;
use crate::reference::window::Window;
use crate::tensor::{Element, Quantization, Tensor};

/// The number of Mul, whose results are as large as products of inputs.
const MUL: i32 = 18;

/// Adds an Add.
pub fn append_add(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let add = Operation {
        code: 0,
        name: "add",
        compute: add,
        typical: f64::max,
    };
    append(random, graph, input, &add)
}

/// Adds a Mul.
pub fn append_mul(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let mul = Operation {
        code: MUL,
        name: "mul",
        compute: mul,
        typical: |first, second| first * second,
    };
    append(random, graph, input, &mul)
}

/// An operator of two tensors.
struct Operation {
    code: i32,
    name: &'static str,
    compute: fn(&Tensor, &Tensor, Activation, Quantization) -> Result<Tensor, Undefined>,
    /// A usual scale of the output, from those of the inputs.
    typical: fn(f64, f64) -> f64,
}

/// The shape of a first input, of which some dimensions may repeat, too.
pub fn shape(random: &mut Random) -> Vec<usize> {
    let shape = draw::shape(random).into_iter();
    let few = random.once_in(2);
    shape
        .map(|size| if few && random.once_in(2) { 1 } else { size })
        .collect()
}

/// A second input that repeats along any dimensions of `whole`, which repeats along
/// others; dimensions of 1 in front may be missing.
fn repeating(random: &mut Random, whole: &[usize]) -> Result<Vec<usize>, Again> {
    let mut shape: Vec<usize> = whole
        .iter()
        .map(|size| match (random.below(3), size) {
            (0, 1) => draw::size(random, 12),
            (0, _) => 1,
            _ => *size,
        })
        .collect();
    let sizes = whole.iter().zip(&shape);
    if sizes.map(|(one, other)| one.max(other)).product::<usize>() > draw::MOST_ELEMENTS {
        return Err(Again);
    }
    let ones = shape.iter().take_while(|size| **size == 1).count();
    if random.once_in(2) {
        shape.drain(..ones.min(shape.len() - 1));
    }
    Ok(shape)
}

/// The other input: made of the first by a convolution or, smaller, by a pool; or a
/// constant.
fn other(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let shape = graph.tensor(input).shape.clone();
    match (random.below(5), &shape[..]) {
        (0 | 1, [1, _, _, _]) => append_pixelwise(random, graph, input),
        (2, [1, height, width, _]) => {
            let window = Window {
                kernel: [*height, *width],
                ..Window::PIXEL
            };
            pool2d::with(random, graph, input, Pool::Average, &window)
        }
        (3, _) => Ok(input),
        _ => {
            let shape = repeating(random, &shape)?;
            let element = graph.tensor(input).quantization.element;
            let constant = draw::tensor(random, element, &shape);
            Ok(graph.constant_values(constant))
        }
    }
}

fn append(
    random: &mut Random,
    graph: &mut Graph,
    input: usize,
    operation: &Operation,
) -> Result<usize, Again> {
    let second = other(random, graph, input)?;
    let inputs = random.of(&[[input, second], [second, input]]);
    let [first, second] = inputs.map(|number| graph.tensor(number));
    let scale = |tensor: &Tensor| f64::from(tensor.quantization.scale);
    let element = first.quantization.element;
    let typical = (operation.typical)(scale(first), scale(second));
    let typical = match (operation.code, element) {
        (MUL, Element::Int8) => 60.0 * typical,
        (MUL, Element::Int16) => 15_000.0 * typical,
        _ => typical,
    };
    let quantization = draw::near(random, element, typical);
    // Products of products of large scales.
    if !quantization.scale.is_finite() {
        return Err(Again);
    }
    let activation = draw::activation(random);
    let output = (operation.compute)(first, second, activation, quantization)?;
    let name = operation.name;
    let of = [first, second].map(|tensor| (&tensor.shape, tensor.quantization));
    let description = format!("{name}: {inputs:?} {of:?}, {activation:?}, {quantization:?}");
    graph.describe(description);
    let options = vec![(0, Value::U8(activation as u8))];
    Ok(graph.operator(operation.code, &inputs, options, output))
}
