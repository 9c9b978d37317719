//! DepthwiseConv2D with gaps in the kernel: each window is gathered, four channels
//! at a time, before it is applied.

use super::depthwise_convolution::{Group, Lines};
use super::dilation;
use crate::error::RunError;
use crate::format::GROUP;
use crate::processor::{pixel, taps};

/// Applies a group of channels to every position.
#[inline(never)]
pub fn apply(lines: &mut Lines, group: &Group, output: &mut [u8]) -> Result<(), RunError> {
    let geometry = &lines.geometry;
    let channels = geometry.output_channels.max(1);
    let width = geometry.output_width.max(1);
    let multiplier = (channels / geometry.input_channels.max(1)).max(1);
    let first = lines.channel;
    for (position, target) in output.chunks_exact_mut(channels).enumerate() {
        let place = (position / width, position % width);
        for (tap, source) in lines.pixels.iter_mut().zip(dilation::taps(geometry, place)) {
            let mut inputs = [lines.zero_point; GROUP];
            for (lane, input) in inputs.iter_mut().enumerate() {
                let value = source.and_then(|start| {
                    let place = start + (first + lane) / multiplier;
                    lines.input.get(place)
                });
                // Lanes past the last channel have no weights: any input will do.
                *input = value.copied().unwrap_or(*input);
            }
            *tap = pixel(inputs);
        }
        let (mut sums, mut outputs) = ([[0; GROUP]], [[0; GROUP]]);
        taps(&mut sums[0], group.weights, lines.pixels);
        let of_group = (group.header, false);
        let target = (target, channels);
        let requantizer = &group.requantizer;
        requantizer.write(of_group, &sums, &mut outputs, target, first)?;
    }
    Ok(())
}
