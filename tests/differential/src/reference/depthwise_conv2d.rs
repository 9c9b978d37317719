//! DepthwiseConv2D: every output channel sees one input channel under the window.

use super::arithmetic::{Activation, Undefined};
use super::conv2d::{each_output, Filter};
use super::window::{Tap, Window};
use crate::tensor::{Quantization, Tensor};

/// Convolves an image. The filter's weights are by row, column, output channel;
/// input channel `c` becomes output channels `c × multiplier` and following.
pub fn depthwise_conv2d(
    input: &Tensor,
    filter: &Filter,
    window: &Window,
    activation: Activation,
    quantization: Quantization,
) -> Result<Tensor, Undefined> {
    let [height, width, depth] = input.image();
    let multiplier = filter.channels / depth;
    each_output(
        input,
        filter,
        window,
        activation,
        quantization,
        |place, channel| {
            let mut sum = 0;
            for Tap { tap, row, column } in window.taps([height, width], place) {
                let weight = filter.weights[tap * filter.channels + channel];
                let from = channel / multiplier;
                sum += input.centred(input.pixel(row, column, from)) * i64::from(weight);
            }
            sum
        },
    )
}
