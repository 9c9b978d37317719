//! Random operators, one kind a file. A kind, a seed and a number make an instance.

mod chain;
mod concatenation;
mod conv2d;
mod depthwise_conv2d;
mod elementwise;
mod extremes;
mod fully_connected;
mod mean;
mod pad;
mod pool2d;
mod reshape;
mod softmax;
mod unary;

use tflite_writer::Random;

use crate::draw::{self, Again};
use crate::graph::{Graph, Instance};
use crate::tensor::Element;

/// Adds a random operator that reads tensor `input`; returns the number of the tensor
/// that it writes.
type Append = fn(&mut Random, &mut Graph, input: usize) -> Result<usize, Again>;

/// Random values of an input of that shape.
type Values = fn(&mut Random, &[usize]) -> Vec<i16>;

/// A kind of operator.
#[derive(Clone, Copy)]
pub struct Kind {
    /// As in the schema of TensorFlow Lite, in lower case.
    pub name: &'static str,
    element: Element,
    shape: fn(&mut Random) -> Vec<usize>,
    /// The input's values, if they are of a kind of their own.
    values: Option<Values>,
    append: Append,
}

/// Every kind, and chains of several.
pub const KINDS: &[Kind] = &[
    kind("conv_2d", draw::image, conv2d::append),
    Kind {
        values: Some(extremes::values),
        ..kind("conv_2d_extremes", draw::image, extremes::append)
    },
    kind("depthwise_conv_2d", draw::image, depthwise_conv2d::append),
    kind(
        "fully_connected",
        fully_connected::shape,
        fully_connected::append,
    ),
    kind("average_pool_2d", draw::image, pool2d::append_average),
    kind("max_pool_2d", draw::image, pool2d::append_max),
    kind("add", elementwise::shape, elementwise::append_add),
    kind("mul", elementwise::shape, elementwise::append_mul),
    kind("mean", draw::shape, mean::append),
    kind("pad", draw::shape, pad::append),
    kind("reshape", draw::shape, reshape::append),
    kind("concatenation", draw::image, concatenation::append),
    kind("softmax", draw::shape, softmax::append),
    kind("logistic", draw::shape, unary::append_logistic),
    kind("tanh", draw::shape, unary::append_tanh),
    kind("relu", draw::shape, unary::append_relu),
    kind("relu6", draw::shape, unary::append_relu6),
    kind("leaky_relu", draw::shape, unary::append_leaky_relu),
    kind("quantize", draw::shape, unary::append_quantize),
    kind("chain", draw::image, chain::append),
    kind16("conv_2d_int16", draw::image, conv2d::append),
    kind16(
        "depthwise_conv_2d_int16",
        draw::image,
        depthwise_conv2d::append,
    ),
    kind16(
        "fully_connected_int16",
        fully_connected::shape,
        fully_connected::append,
    ),
    kind16("average_pool_2d_int16", draw::image, pool2d::append_average),
    kind16("max_pool_2d_int16", draw::image, pool2d::append_max),
    kind16("add_int16", draw::shape, elementwise::append_add),
    kind16("mul_int16", draw::shape, elementwise::append_mul),
    kind16("mean_int16", draw::shape, mean::append),
    kind16("pad_int16", draw::shape, pad::append),
    kind16("reshape_int16", draw::shape, reshape::append),
    kind16("concatenation_int16", draw::image, concatenation::append),
    kind16("softmax_int16", draw::shape, softmax::append),
    kind16("logistic_int16", draw::shape, unary::append_logistic),
    kind16("tanh_int16", draw::shape, unary::append_tanh),
    kind16("relu_int16", draw::shape, unary::append_relu),
    kind16("relu6_int16", draw::shape, unary::append_relu6),
    kind16("leaky_relu_int16", draw::shape, unary::append_leaky_relu),
    kind16("quantize_int16", draw::shape, unary::append_requantize),
    kind("quantize_to_int16", draw::shape, unary::append_requantize),
    kind16("chain_int16", draw::image, chain::append_int16),
];

/// Of int8 tensors.
const fn kind(name: &'static str, shape: fn(&mut Random) -> Vec<usize>, append: Append) -> Kind {
    Kind {
        name,
        element: Element::Int8,
        shape,
        values: None,
        append,
    }
}

/// Of int16 tensors.
const fn kind16(name: &'static str, shape: fn(&mut Random) -> Vec<usize>, append: Append) -> Kind {
    Kind {
        element: Element::Int16,
        ..kind(name, shape, append)
    }
}

impl Kind {
    /// Instance `number` of the series that belongs to `seed`. What TensorFlow Lite
    /// refuses or leaves undefined is drawn again.
    pub fn instance(&self, seed: u64, number: u64) -> Instance {
        let series = self.name.bytes().fold(seed, |series, byte| {
            Random::new(series ^ u64::from(byte)).draw()
        });
        let mut random = Random::new(series.wrapping_add(Random::new(number).draw()));
        loop {
            let shape = (self.shape)(&mut random);
            let mut input = draw::tensor(&mut random, self.element, &shape);
            if let Some(values) = self.values {
                input.values = values(&mut random, &shape);
            }
            let mut graph = Graph::new(input);
            if (self.append)(&mut random, &mut graph, 0).is_ok() {
                return graph.finish();
            }
        }
    }
}
