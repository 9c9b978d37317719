//! Conv2D: every output channel sees every input channel under the window.
//!
//! As many groups of output channels as the row buffer holds are read from the
//! stream and applied to the whole image, four positions at a time. A kernel of
//! 1 × 1 without padding reads the image in place; any other gathers the window
//! into scratch rows first, so that one inner loop serves both.

use super::geometry::{self, Geometry, POSITIONS};
use super::requantize::{store, Requantizer};
use super::{dilation, dot, Lengths};
use crate::arena::{copy, Areas};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Window, GROUP, GROUP_HEADER_BYTES};
use crate::stream::Stream;

/// Elements under the window, rounded up to fours.
fn patch(window: &Window) -> Result<u32, OperatorFault> {
    let [height, width] = window.kernel.map(u32::from);
    let elements = geometry::product(&[height, width, u32::from(window.input[2])])?;
    geometry::product(&[elements.div_ceil(4), 4])
}

/// Whether windows can be read in the image itself.
fn direct(window: &Window) -> bool {
    window.kernel == [1, 1] && window.input[2].is_multiple_of(4)
}

/// What the convolution takes.
pub fn lengths(window: &Window) -> Result<Lengths, OperatorFault> {
    geometry::check(window)?;
    let patch = patch(window)?;
    let weights = geometry::product(&[patch, GROUP as u32])?;
    let row = geometry::sum(weights, GROUP_HEADER_BYTES as u32)?;
    let groups = u32::from(window.output[2]).div_ceil(GROUP as u32);
    let gathered = if direct(window) { 0 } else { POSITIONS as u32 };
    Ok(Lengths {
        input: geometry::volume(window.input)?,
        output: geometry::volume(window.output)?,
        scratch: geometry::product(&[patch, gathered])?,
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
    let patch = patch(window).map_err(|_| RunError::Inconsistent)?;
    let [input, output, scratch] = Areas::borrow(common, &lengths, window.scratch_offset, arena)?;
    let mut image = Image {
        common,
        geometry: Geometry::of(window),
        input,
        scratch,
        patch: patch as usize,
        direct: direct(window),
    };
    let channels = image.geometry.output_channels;
    let group = (lengths.row as usize).max(1);
    let mut channel = 0;
    while channel < channels {
        let groups = (channels - channel).div_ceil(GROUP);
        let groups = groups.min(row_buffer.len() / group).max(1);
        let rows = row_buffer
            .get_mut(..groups * group)
            .ok_or(RunError::Inconsistent)?;
        weights.read(rows)?;
        image.apply(rows, group, channel, output)?;
        channel += groups * GROUP;
    }
    Ok(())
}

/// The input image, and where its windows are gathered.
struct Image<'a> {
    common: &'a Common,
    geometry: Geometry,
    input: &'a [u8],
    scratch: &'a mut [u8],
    patch: usize,
    direct: bool,
}

impl Image<'_> {
    /// Applies the groups of channels in `rows`, the first of which starts with
    /// output channel `channel`, to every position.
    fn apply(
        &mut self,
        rows: &[u8],
        group: usize,
        channel: usize,
        output: &mut [u8],
    ) -> Result<(), RunError> {
        let common = self.common;
        let channels = self.geometry.output_channels.max(1);
        let mut position = 0;
        for pixels in output.chunks_mut(channels * POSITIONS) {
            let count = pixels.len() / channels;
            let inputs = self.windows(position, count)?;
            let mut channel = channel;
            for group in rows.chunks_exact(group) {
                let (header, weights) = group.split_first_chunk().ok_or(RunError::Inconsistent)?;
                let weights = weights.as_chunks().0;
                let requantizer = Requantizer::new(header);
                let mut sums = [requantizer.bias; POSITIONS];
                if count == POSITIONS {
                    dot::four_by_four(&mut sums, weights, inputs);
                } else {
                    for (sums, inputs) in sums.iter_mut().zip(inputs).take(count) {
                        dot::one_by_four(sums, weights, inputs);
                    }
                }
                let end = channels.min(channel + GROUP);
                for (pixel, sums) in pixels.chunks_exact_mut(channels).zip(&sums) {
                    let target = pixel.get_mut(channel..end).ok_or(RunError::Inconsistent)?;
                    store(target, requantizer.outputs(sums, common));
                }
                channel = end;
            }
            position += count;
        }
        Ok(())
    }

    /// The inputs under the windows of `count` positions from `position` on.
    fn windows(
        &mut self,
        position: usize,
        count: usize,
    ) -> Result<[&[dot::Inputs]; POSITIONS], RunError> {
        let width = self.geometry.output_width.max(1);
        let (mut row, mut column) = (position / width, position % width);
        let mut places = [(0, 0); POSITIONS];
        for place in places.iter_mut().take(count) {
            *place = (row, column);
            column += 1;
            if column == width {
                (row, column) = (row + 1, 0);
            }
        }
        let mut windows: [&[dot::Inputs]; POSITIONS] = [&[]; POSITIONS];
        if self.direct {
            for (window, (row, column)) in windows.iter_mut().zip(places) {
                let columns = self.geometry.columns(column);
                let row = row * self.geometry.stride_down;
                let pixel = self.geometry.segment(self.input, row, &columns)?;
                *window = pixel.as_chunks().0;
            }
            return Ok(windows);
        }
        let patches = self.scratch.chunks_exact_mut(self.patch.max(1));
        for (patch, (row, column)) in patches.zip(places).take(count) {
            gather(
                self.common,
                &self.geometry,
                self.input,
                (row, column),
                patch,
            )?;
        }
        let patches = self.scratch.chunks_exact(self.patch.max(1));
        for (window, patch) in windows.iter_mut().zip(patches) {
            *window = patch.as_chunks().0;
        }
        Ok(windows)
    }
}

/// Copies what lies under a window to `patch`, the zero point where nothing does.
fn gather(
    common: &Common,
    geometry: &Geometry,
    input: &[u8],
    (row, column): (usize, usize),
    patch: &mut [u8],
) -> Result<(), RunError> {
    patch.fill(common.input_zero_point as u8);
    if geometry.is_dilated() {
        let pixels = patch.chunks_exact_mut(geometry.input_channels.max(1));
        for (pixel, source) in pixels.zip(dilation::taps(geometry, (row, column))) {
            if let Some(source) = source {
                copy(pixel, input.get(source..).unwrap_or_default());
            }
        }
        return Ok(());
    }
    let rows = geometry.rows(row);
    let columns = geometry.columns(column);
    let line = geometry.kernel_width * geometry.input_channels;
    let above = geometry
        .padding_top
        .saturating_sub(row * geometry.stride_down);
    let left = geometry
        .padding_left
        .saturating_sub(column * geometry.stride_across);
    let lines = patch.chunks_exact_mut(line.max(1)).skip(above);
    for (line, row) in lines.zip(rows) {
        let segment = geometry.segment(input, row, &columns)?;
        let target = line
            .get_mut(left * geometry.input_channels..)
            .ok_or(RunError::Inconsistent)?;
        copy(target, segment);
    }
    Ok(())
}
