//! Random operators, one kind a file. A kind, a seed and a number make an instance.

mod chain;
mod concatenation;
mod conv2d;
mod depthwise_conv2d;
mod elementwise;
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

/// Adds a random operator that reads tensor `input`; returns the number of the tensor
/// that it writes.
type Append = fn(&mut Random, &mut Graph, input: usize) -> Result<usize, Again>;

/// A kind of operator.
#[derive(Clone, Copy)]
pub struct Kind {
    /// As in the schema of TensorFlow Lite, in lower case.
    pub name: &'static str,
    shape: fn(&mut Random) -> Vec<usize>,
    append: Append,
}

/// Every kind, and chains of several.
pub const KINDS: &[Kind] = &[
    kind("conv_2d", draw::image, conv2d::append),
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
];

const fn kind(name: &'static str, shape: fn(&mut Random) -> Vec<usize>, append: Append) -> Kind {
    Kind {
        name,
        shape,
        append,
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
            let mut graph = Graph::new(draw::tensor(&mut random, &shape));
            if (self.append)(&mut random, &mut graph, 0).is_ok() {
                return graph.finish();
            }
        }
    }
}
