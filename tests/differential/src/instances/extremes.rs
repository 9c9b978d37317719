//! Conv2D operators of extreme inputs and weights, whose sums are at the ends of what the
//! processors' inner loops have room for, and whose outputs tell one sum from the next.

use tflite_writer::model::conv_options;
use tflite_writer::Random;

use crate::draw::{self, Again};
use crate::graph::Graph;
use crate::reference::arithmetic::Activation;
use crate::reference::conv2d::{conv2d, Filter, Sums};
use crate::reference::window::Window;
use crate::tensor::{Quantization, Tensor};

/// Inputs at the ends of int8: each by itself, by pixel, by column or by row, so that
/// neighbouring windows see the same or the opposite.
pub fn values(random: &mut Random, shape: &[usize]) -> Vec<i16> {
    let count: usize = shape.iter().product();
    let [.., width, depth] = *shape else {
        return vec![-128; count];
    };
    let most = random.of(&[-128, 127]);
    let rare = random.of(&[1, 2, 2, 16]);
    let drawn: Vec<i16> = (0..count)
        .map(|_| match random.once_in(rare) {
            true => random.of(&[-128, -127, 126, 127]),
            false => most,
        })
        .collect();
    let alternates = random.of(&[0, 1, depth, width * depth]);
    let value = |at: usize| match alternates {
        0 => drawn[at],
        period if (at / period).is_multiple_of(2) => -128,
        _ => 127,
    };
    (0..count).map(value).collect()
}

/// Four weights whose magnitudes come to `total`, which is 512 at most.
fn four(random: &mut Random, total: usize) -> [i8; 4] {
    let mut left = total;
    let negative = random.of(&[0, 1, 2]);
    let mut four = [0; 4];
    for (at, weight) in four.iter_mut().enumerate() {
        let least = left.saturating_sub(128 * (3 - at));
        let most = left.min(128);
        let magnitude = match random.below(3) {
            0 => least,
            1 => most,
            _ => least + random.below(most - least + 1),
        };
        left -= magnitude;
        // There is no 128.
        let is_negative = magnitude == 128 || negative == 0 || negative == 1 && random.once_in(2);
        let magnitude = magnitude as i16;
        *weight = if is_negative { -magnitude } else { magnitude } as i8;
    }
    let turn = random.below(4);
    four.rotate_left(turn);
    four
}

/// Weights of `channels` outputs, fours of which come, with the same four of all other
/// channels, to as much as may be summed in 16 bits, or to more.
fn weights(random: &mut Random, channels: usize, depth: usize) -> Vec<i8> {
    let usual = random.of(&[254, 255, 256, 257, 512]);
    let totals: Vec<usize> = (0..depth.div_ceil(4))
        .map(|_| match random.once_in(3) {
            true => random.of(&[0, 254, 255, 256, 257, 510, 512]),
            false => usual,
        })
        .collect();
    let mut weights = Vec::new();
    for _ in 0..channels {
        let fours = totals.iter().flat_map(|total| four(random, *total));
        weights.extend(fours.take(depth));
    }
    weights
}

/// Adds one.
pub fn append(random: &mut Random, graph: &mut Graph, input: usize) -> Result<usize, Again> {
    let tensor = graph.tensor(input);
    let [height, width, depth] = tensor.image();
    let window = draw::window(random, [height, width], true);
    let channels = draw::size(random, 24);
    let terms = window.kernel[0] * window.kernel[1] * depth;
    draw::affordable(&window, [height, width, channels], terms)?;
    let mut filter = Filter {
        weights: weights(random, channels, terms),
        scales: vec![draw::scale(random, 1e-4, 0.1)],
        biases: None,
        sums: Sums::Narrow,
        channels,
    };
    filter.biases = Some(biases(random, tensor, &filter, &window));
    let quantization = Quantization {
        scale: tensor.quantization.scale * filter.scales[0] * random.of(&[1.5, 2.0, 3.0, 9.0]),
        ..draw::quantization(random, tensor.quantization.element)
    };
    let output = conv2d(tensor, &filter, &window, Activation::None, quantization)?;
    graph.describe(format!(
        "conv_2d: {channels} channels, {window:?}, {}, {quantization:?}",
        filter.summary()
    ));
    let shape = [channels, window.kernel[0], window.kernel[1], depth];
    let inputs = graph.filter(input, &shape, &filter, 0);
    let options = conv_options(window.same, window.stride, 0, window.dilation);
    Ok(graph.operator(3, &inputs, options, output))
}

/// Biases that take from the sums what they come to at one place, but for a little.
fn biases(random: &mut Random, input: &Tensor, filter: &Filter, window: &Window) -> Vec<i64> {
    let [height, width, depth] = input.image();
    let taps = window.kernel[0] * window.kernel[1];
    let place = [0, 1].map(|axis| random.below(window.output(axis, [height, width][axis])));
    let sum = |channel: usize| -> i64 {
        let under = window.taps([height, width], place);
        let products = under.flat_map(|under| {
            let weights = (channel * taps + under.tap) * depth;
            let inputs = input.pixel(under.row, under.column, 0);
            (0..depth).map(move |from| (weights + from, inputs + from))
        });
        products
            .map(|(weight, value)| i64::from(filter.weights[weight]) * input.centred(value))
            .sum()
    };
    (0..filter.channels)
        .map(|channel| random.below(300) as i64 - 150 - sum(channel))
        .collect()
}
