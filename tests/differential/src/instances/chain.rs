//! Random chains of operators on images: what a compiler fuses, shares and reuses.

use tflite_writer::Random;

use super::{
    concatenation, conv2d, depthwise_conv2d, elementwise, pad, pool2d, softmax, unary, Append,
};
use crate::draw::Again;
use crate::graph::Graph;

/// Kinds that make an image of an image.
const LINKS: &[Append] = &[
    conv2d::append,
    depthwise_conv2d::append,
    elementwise::append_add,
    elementwise::append_mul,
    pool2d::append_average,
    pool2d::append_max,
    softmax::append,
    concatenation::append,
    pad::append,
    pad::append,
    unary::append_logistic,
    unary::append_tanh,
    unary::append_relu,
    unary::append_relu,
    unary::append_relu6,
    unary::append_leaky_relu,
    unary::append_quantize,
];

/// Adds two to six operators, each mostly after the one before.
pub fn append(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    chain(random, graph, input, |random| random.of(LINKS))
}

/// Adds as many, some of which change between int8 and int16.
pub fn append_int16(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    chain(random, graph, input, |random| match random.once_in(5) {
        true => unary::append_requantize,
        false => random.of(LINKS),
    })
}

fn chain(
    random: &mut Random,
    graph: &mut Graph,
    input: usize,
    link: impl Fn(&mut Random) -> Append,
) -> Result<usize, Again> {
    let mut last = input;
    for _ in 0..2 + random.below(5) {
        last = link(random)(random, graph, last)?;
        // What repeats to fit a larger one may become several.
        if graph.tensor(last).shape[0] != 1 {
            return Err(Again);
        }
    }
    Ok(last)
}
