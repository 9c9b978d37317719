//! Conv2D and DepthwiseConv2D: `output = Σ input · weight` under each window.
//!
//! As `ConvPerChannel` and `DepthwiseConvPerChannel` for 16-bit data in
//! tensorflow/lite/kernels/internal/reference/integer_ops/. Zero points are 0, so that
//! what lies in the padding adds nothing and is left out.

use super::elements::{self, Bytes};
use super::lengths::of_tensors;
use super::sums::{add_products, Group, Quad, Wide};
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::format::int16::{Convolution, Int16, Sums, INT16_GROUP_HEADER_BYTES};
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

/// Computes a Conv2D.
pub fn run(
    common: &Common,
    int16: &Int16,
    body: &Convolution,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let depth = usize::from(body.window.input[2]);
    let lengths = lengths(body).map_err(|_| RunError::Inconsistent)?;
    each_output(
        common,
        (int16, body, &lengths),
        weights,
        arena,
        |sums, input, quads, (source, tap, _)| {
            let inputs = input.get(source..source + depth).unwrap_or_default();
            let quads = quads.get(tap * depth..).unwrap_or_default();
            add_products(sums, inputs, quads);
        },
    )
}

/// Computes a DepthwiseConv2D.
pub fn run_depthwise(
    common: &Common,
    int16: &Int16,
    body: &Convolution,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let [inputs, outputs] = [body.window.input[2], body.window.output[2]].map(usize::from);
    let multiplier = (outputs / inputs.max(1)).max(1);
    let lengths = lengths_depthwise(body).map_err(|_| RunError::Inconsistent)?;
    each_output(
        common,
        (int16, body, &lengths),
        weights,
        arena,
        |sums, input, quads, (source, tap, channel)| {
            let quad = quads.get(tap).copied().unwrap_or_default();
            for (lane, (sum, weight)) in sums.iter_mut().zip(quad).enumerate() {
                // Lanes past the last channel have no weights: any input will do.
                let from = source + (channel + lane) / multiplier;
                let input = elements::value(input.get(from).copied().unwrap_or_default());
                *sum = sum.wrapping_add((input * i32::from(weight as i8)).into());
            }
        },
    )
}

/// Computes the image, group by group of channels. `add` adds what a tap comes to,
/// given the inputs, a group's weights, and where the tap's pixel starts, the tap's
/// number and the group's first channel.
#[inline(always)]
fn each_output(
    common: &Common,
    (int16, body, lengths): (&Int16, &Convolution, &Lengths),
    weights: &mut Weights,
    arena: &mut [u8],
    add: impl Fn(&mut Wide, &[Bytes], &[Quad], (usize, usize, usize)),
) -> Result<(), RunError> {
    let [input, output, _] = Areas::borrow(common, lengths, body.window.scratch_offset, arena)?;
    let input = elements::of(input);
    let geometry = Geometry::of(&body.window);
    let (channels, width) = (
        geometry.output_channels.max(1),
        geometry.output_width.max(1),
    );
    let length = lengths.row as usize;
    let mut channel = 0;
    while channel < channels {
        let groups = weights.groups(length, (channels - channel).div_ceil(GROUP))?;
        for group in groups.chunks_exact(length.max(1)) {
            let (group, quads) = Group::split(group, body.sums)?;
            let pixels = elements::of_mut(output).chunks_exact_mut(channels);
            for (position, pixel) in pixels.enumerate() {
                let place = (position / width, position % width);
                let mut sums = [0; GROUP];
                for (tap, source) in dilation::taps(&geometry, place).enumerate() {
                    if let Some(source) = source {
                        add(&mut sums, input, quads, (source, tap, channel));
                    }
                }
                group.store(&sums, int16, pixel.get_mut(channel..).unwrap_or_default());
            }
            channel += GROUP;
        }
    }
    Ok(())
}
