//! DepthwiseConv2D: each output channel sees one input channel.
//!
//! Four output channels at a time; their inputs, padded, go through as many
//! scratch lines as the kernel is high, so that the inner loop has no borders.

use super::geometry::{self, Geometry};
use super::requantize::{store, Requantizer};
use super::{depthwise_dilated, dot, Lengths};
use crate::arena::{copy, Areas};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Window, GROUP, GROUP_HEADER_BYTES};
use crate::stream::Stream;

/// Pixels in a scratch line: all that the windows of one output row see.
fn line(window: &Window) -> Result<u32, OperatorFault> {
    let columns = u32::from(window.output[1]).saturating_sub(1);
    let last = geometry::product(&[columns, u32::from(window.stride[1])])?;
    geometry::sum(last, u32::from(window.kernel[1]))
}

/// What the convolution takes; output channels are a multiple of input channels.
pub fn lengths(window: &Window) -> Result<Lengths, OperatorFault> {
    geometry::check(window)?;
    if !window.output[2].is_multiple_of(window.input[2]) {
        return Err(OperatorFault::Shape);
    }
    let [height, width] = window.kernel.map(u32::from);
    let weights = geometry::product(&[height, width, GROUP as u32])?;
    let row = geometry::sum(weights, GROUP_HEADER_BYTES as u32)?;
    let groups = u32::from(window.output[2]).div_ceil(GROUP as u32);
    let scratch = if Geometry::of(window).is_dilated() {
        depthwise_dilated::scratch(window)
    } else {
        [height, line(window)?, GROUP as u32]
    };
    Ok(Lengths {
        input: geometry::volume(window.input)?,
        output: geometry::volume(window.output)?,
        scratch: geometry::product(&scratch)?,
        row,
        weights: geometry::product(&[groups, row])?,
    })
}

/// Computes the image.
pub fn run(
    common: &Common,
    window: &Window,
    weights: &mut Stream,
    row_buffer: &mut [u8],
    arena: &mut [u8],
) -> Result<(), RunError> {
    let lengths = lengths(window).map_err(|_| RunError::Inconsistent)?;
    let line = line(window).map_err(|_| RunError::Inconsistent)?;
    let [input, output, scratch] = Areas::borrow(common, &lengths, window.scratch_offset, arena)?;
    let geometry = Geometry::of(window);
    let group = row_buffer
        .get_mut(..lengths.row as usize)
        .ok_or(RunError::Inconsistent)?;
    let mut lines = Lines {
        geometry,
        input,
        zero_point: common.input_zero_point as u8,
        pixels: scratch.as_chunks_mut().0,
        width: line as usize,
        channel: 0,
    };
    for channel in (0..geometry.output_channels).step_by(GROUP) {
        weights.read(group)?;
        let (header, weights) = group.split_first_chunk().ok_or(RunError::Inconsistent)?;
        if geometry.is_dilated() {
            let weights = (header, weights.as_chunks().0);
            let inputs = (lines.input, &mut *lines.pixels);
            depthwise_dilated::apply(common, &geometry, weights, channel, inputs, output)?;
            continue;
        }
        lines.channel = channel;
        apply(common, &mut lines, header, weights.as_chunks().0, output)?;
    }
    Ok(())
}

/// Applies one group of channels to every position.
fn apply(
    common: &Common,
    lines: &mut Lines,
    header: &[u8; GROUP_HEADER_BYTES],
    weights: &[[u8; GROUP]],
    output: &mut [u8],
) -> Result<(), RunError> {
    let geometry = lines.geometry;
    let requantizer = Requantizer::new(header);
    let channels = geometry.output_channels.max(1);
    let lanes = lines.channel..channels.min(lines.channel + GROUP);
    let row_length = channels * geometry.output_width.max(1);
    for (row, pixels) in output.chunks_exact_mut(row_length).enumerate() {
        lines.advance(row)?;
        let mut start = 0;
        for pixel in pixels.chunks_exact_mut(channels) {
            let mut sums = requantizer.bias;
            let kernel = weights.chunks_exact(geometry.kernel_width.max(1));
            for (weights, line) in kernel.zip(lines.lines()) {
                let inputs = line.get(start..).ok_or(RunError::Inconsistent)?;
                dot::taps(&mut sums, weights, inputs);
            }
            let target = pixel.get_mut(lanes.clone()).ok_or(RunError::Inconsistent)?;
            store(target, requantizer.outputs(&sums, common));
            start += geometry.stride_across;
        }
    }
    Ok(())
}

/// The padded input lines under the windows of one output row.
struct Lines<'a> {
    geometry: Geometry,
    input: &'a [u8],
    zero_point: u8,
    pixels: &'a mut [[u8; GROUP]],
    width: usize,
    /// First output channel of the group.
    channel: usize,
}

impl Lines<'_> {
    fn lines(&self) -> impl Iterator<Item = &[[u8; GROUP]]> {
        self.pixels.chunks_exact(self.width.max(1))
    }

    /// Loads the lines for output row `row`, given those of the row before.
    fn advance(&mut self, row: usize) -> Result<(), RunError> {
        let height = self.geometry.kernel_height;
        let stride = self.geometry.stride_down;
        let mut kept = 0;
        if row > 0 && stride < height {
            kept = height - stride;
            for line in 0..kept {
                let source = (line + stride) * self.width;
                let halves = self.pixels.split_at_mut_checked(source);
                let (upper, lower) = halves.ok_or(RunError::Inconsistent)?;
                let target = upper.get_mut(line * self.width..).unwrap_or_default();
                copy(target, lower.get(..self.width).unwrap_or_default());
            }
        }
        let width = self.width.max(1);
        let top = row * stride;
        for (tap, line) in self.pixels.chunks_exact_mut(width).enumerate().skip(kept) {
            line.fill([self.zero_point; GROUP]);
            let source = (top + tap).checked_sub(self.geometry.padding_top);
            if let Some(source) = source.filter(|source| *source < self.geometry.input_height) {
                load(&self.geometry, self.input, source, self.channel, line)?;
            }
        }
        Ok(())
    }
}

/// Copies the inputs of four output channels from input row `row` to `line`.
fn load(
    geometry: &Geometry,
    input: &[u8],
    row: usize,
    channel: usize,
    line: &mut [[u8; GROUP]],
) -> Result<(), RunError> {
    let channels = geometry.input_channels.max(1);
    let multiplier = (geometry.output_channels / channels).max(1);
    let pixels = geometry.segment(input, row, &(0..geometry.input_width))?;
    let line = line.iter_mut().skip(geometry.padding_left);
    for (target, pixel) in line.zip(pixels.chunks_exact(channels)) {
        let direct = pixel.get(channel..).and_then(<[u8]>::first_chunk);
        if let (Some(four), 1) = (direct, multiplier) {
            *target = *four;
            continue;
        }
        for (lane, target) in target.iter_mut().enumerate() {
            // Lanes past the last channel have no weights: any input will do.
            let source = pixel.get((channel + lane) / multiplier);
            *target = source.copied().unwrap_or_default();
        }
    }
    Ok(())
}
