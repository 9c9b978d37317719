//! DepthwiseConv2D with gaps in the kernel: each window is gathered, four channels
//! at a time, before it is applied.

use super::geometry::Geometry;
use super::requantize::{store, Requantizer};
use super::{dilation, dot};
use crate::error::RunError;
use crate::format::{Common, Window, GROUP, GROUP_HEADER_BYTES};

/// Scratch of the operator: the inputs of four channels under one window.
pub fn scratch(window: &Window) -> [u32; 3] {
    let [height, width] = window.kernel.map(u32::from);
    [height, width, GROUP as u32]
}

/// Applies the group of channels from `channel` on to every position.
#[inline(never)]
pub fn apply(
    common: &Common,
    geometry: &Geometry,
    (header, weights): (&[u8; GROUP_HEADER_BYTES], &[[u8; GROUP]]),
    channel: usize,
    (input, taps): (&[u8], &mut [[u8; GROUP]]),
    output: &mut [u8],
) -> Result<(), RunError> {
    let requantizer = Requantizer::new(header);
    let channels = geometry.output_channels.max(1);
    let width = geometry.output_width.max(1);
    let multiplier = (channels / geometry.input_channels.max(1)).max(1);
    let lanes = channel..channels.min(channel + GROUP);
    for (position, pixel) in output.chunks_exact_mut(channels).enumerate() {
        let place = (position / width, position % width);
        for (tap, source) in taps.iter_mut().zip(dilation::taps(geometry, place)) {
            for (lane, tap) in tap.iter_mut().enumerate() {
                let value =
                    source.and_then(|start| input.get(start + (channel + lane) / multiplier));
                // Lanes past the last channel have no weights: any input will do.
                *tap = value.copied().unwrap_or(common.input_zero_point as u8);
            }
        }
        let mut sums = requantizer.bias;
        dot::taps(&mut sums, weights, taps);
        let target = pixel.get_mut(lanes.clone()).ok_or(RunError::Inconsistent)?;
        store(target, requantizer.outputs(&sums, common));
    }
    Ok(())
}
