//! Conv2D and DepthwiseConv2D: `output = Σ input · weight` under each window.
//!
//! As `ConvPerChannel` and `DepthwiseConvPerChannel` for 16-bit data in
//! tensorflow/lite/kernels/internal/reference/integer_ops/. Zero points are 0, so that
//! what lies in the padding adds nothing and is left out.

use core::array;

use super::elements::{self, Bytes};
use super::lengths::of_tensors;
use super::sums::{add_products, Group, Quad, Wide};
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::format::int16::{Convolution, Int16, Operation, Sums, INT16_GROUP_HEADER_BYTES};
use crate::format::{Common, Window, GROUP};
use crate::operators::geometry::{self, Geometry};
use crate::operators::{dilation, Lengths};
use crate::weights::Weights;

/// What a convolution takes whose outputs sum `depth` inputs at every tap.
fn lengths_of(window: &Window, depth: u16) -> Result<Lengths, OperatorFault> {
    geometry::check(window)?;
    let [height, width] = window.kernel.map(u32::from);
    let weights = geometry::product(&[height, width, depth.into(), GROUP as u32])?;
    let group = geometry::sum(weights, INT16_GROUP_HEADER_BYTES as u32)?;
    let groups = u32::from(window.output[2]).div_ceil(GROUP as u32);
    let input = geometry::volume(window.input)?;
    Ok(Lengths {
        row: group,
        weights: geometry::product(&[groups, group])?,
        ..of_tensors(input, geometry::volume(window.output)?)?
    })
}

/// What a Conv2D takes.
pub fn lengths(body: &Convolution) -> Result<Lengths, OperatorFault> {
    lengths_of(&body.window, body.window.input[2])
}

/// What a DepthwiseConv2D takes: output channels are a multiple of input channels, and
/// sums are wide.
pub fn lengths_depthwise(body: &Convolution) -> Result<Lengths, OperatorFault> {
    let lengths = lengths_of(&body.window, 1)?;
    let [inputs, outputs] = [body.window.input[2], body.window.output[2]];
    if !outputs.is_multiple_of(inputs) {
        return Err(OperatorFault::Shape);
    }
    if body.sums != Sums::Wide {
        return Err(OperatorFault::ReservedByte);
    }
    Ok(lengths)
}

/// Computes the image, group by group of channels.
#[inline(never)]
pub fn run(
    common: &Common,
    int16: &Int16,
    body: &Convolution,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let is_depthwise = matches!(int16.operation, Operation::DepthwiseConv2D(_));
    let lengths = if is_depthwise {
        lengths_depthwise(body)
    } else {
        lengths(body)
    };
    let lengths = lengths.map_err(|_| RunError::Inconsistent)?;
    let [input, output, _] = Areas::borrow(common, &lengths, body.window.scratch_offset, arena)?;
    let (input, output) = (elements::of(input), elements::of_mut(output));
    let geometry = Geometry::of(&body.window);
    let (channels, width) = (
        geometry.output_channels.max(1),
        geometry.output_width.max(1),
    );
    let depth = geometry.input_channels.max(1);
    let multiplier = (channels / depth).max(1);
    let length = lengths.row as usize;
    let mut channel = 0;
    while channel < channels {
        let groups = weights.groups(length, (channels - channel).div_ceil(GROUP))?;
        for group in groups.chunks_exact(length.max(1)) {
            let (group, quads) = Group::split(group, body.sums)?;
            // Lanes past the last channel have no weights: any input will do.
            let lanes: [usize; GROUP] = array::from_fn(|lane| (channel + lane) / multiplier);
            for (position, pixel) in output.chunks_exact_mut(channels).enumerate() {
                let place = (position / width, position % width);
                let mut sums = [0; GROUP];
                each_run(&geometry, place, |tap, source, pixels| {
                    let inputs = input.get(source..source + pixels * depth);
                    let inputs = inputs.unwrap_or_default();
                    if is_depthwise {
                        let quads = quads.get(tap..).unwrap_or_default();
                        add_lanes(&mut sums, (inputs, depth), quads, &lanes);
                    } else {
                        let quads = quads.get(tap * depth..).unwrap_or_default();
                        add_products(&mut sums, inputs, quads);
                    }
                });
                group.store(&sums, int16, pixel.get_mut(channel..).unwrap_or_default());
            }
            channel += GROUP;
        }
    }
    Ok(())
}

/// Calls `each` for every run of pixels under the window at an output position whose
/// taps follow each other as they do: with the number of the first tap, where its pixel
/// starts, and how many pixels there are.
#[inline(always)]
fn each_run(geometry: &Geometry, place: (usize, usize), mut each: impl FnMut(usize, usize, usize)) {
    if geometry.is_dilated() {
        for (tap, source) in dilation::taps(geometry, place).enumerate() {
            if let Some(source) = source {
                each(tap, source, 1);
            }
        }
        return;
    }
    let (rows, columns) = (geometry.rows(place.0), geometry.columns(place.1));
    // The first tap that is not in the padding.
    let top = (rows.start + geometry.padding_top).saturating_sub(place.0 * geometry.stride_down);
    let left = columns.start + geometry.padding_left;
    let left = left.saturating_sub(place.1 * geometry.stride_across);
    for (line, row) in rows.enumerate() {
        let tap = (top + line) * geometry.kernel_width + left;
        let source = (row * geometry.input_width + columns.start) * geometry.input_channels;
        each(tap, source, columns.len());
    }
}

/// Adds products to each sum: of a weight and the channel that `lanes` says, for pixels
/// of `depth` channels.
#[inline(never)] // It is called in two places once closures are inlined.
fn add_lanes(
    sums: &mut Wide,
    (pixels, depth): (&[Bytes], usize),
    quads: &[Quad],
    lanes: &[usize; GROUP],
) {
    for (pixel, quad) in pixels.chunks_exact(depth.max(1)).zip(quads) {
        for ((sum, weight), lane) in sums.iter_mut().zip(quad).zip(lanes) {
            let input = elements::value(pixel.get(*lane).copied().unwrap_or_default());
            *sum = sum.wrapping_add((input * i32::from(*weight as i8)).into());
        }
    }
}
