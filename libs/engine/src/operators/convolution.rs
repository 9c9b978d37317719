//! Conv2D: every output channel sees every input channel under the window.
//!
//! As many groups of output channels as the row buffer holds are read from the
//! stream and applied to the whole image, four positions at a time. A kernel of
//! 1 × 1 without padding reads the image in place; any other gathers the window
//! into scratch rows first, so that one inner loop serves both.

use super::geometry::{self, Geometry, POSITIONS};
use super::requantize::{store, Requantizer};
use super::{dot, Needs};
use crate::arena::{split, Area};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Window, GROUP, GROUP_HEADER_BYTES};
use crate::stream::Stream;

struct Layout {
    input: Area,
    output: Area,
    scratch: Area,
    /// Elements under the window, rounded up to fours.
    patch: u32,
    /// Whether windows can be read in the image itself.
    direct: bool,
    /// Weights of one group of channels, with their header.
    group: u32,
}

impl Layout {
    fn of(common: &Common, window: &Window, arena_bytes: u32) -> Result<Self, OperatorFault> {
        geometry::check(window)?;
        let [height, width] = window.kernel.map(u32::from);
        let channels = u32::from(window.input[2]);
        let patch = geometry::product(&[height, width, channels])?;
        let patch = geometry::product(&[patch.div_ceil(4), 4])?;
        let direct = window.kernel == [1, 1] && channels % 4 == 0;
        let scratch = if direct { 0 } else { POSITIONS as u32 };
        let scratch = geometry::product(&[patch, scratch])?;
        let input = geometry::volume(window.input)?;
        let output = geometry::volume(window.output)?;
        let weights = geometry::product(&[patch, GROUP as u32])?;
        let layout = Self {
            input: Area::new(common.input_offset, input, arena_bytes)?,
            output: Area::new(common.output_offset, output, arena_bytes)?,
            scratch: Area::scratch(window.scratch_offset, scratch, arena_bytes)?,
            patch,
            direct,
            group: geometry::sum(weights, GROUP_HEADER_BYTES as u32)?,
        };
        layout.input.apart_from(layout.output)?;
        layout.scratch.apart_from(layout.input)?;
        layout.scratch.apart_from(layout.output)?;
        Ok(layout)
    }
}

/// Input, output and scratch lie apart.
pub fn check(common: &Common, window: &Window, arena_bytes: u32) -> Result<Needs, OperatorFault> {
    let layout = Layout::of(common, window, arena_bytes)?;
    let groups = u32::from(window.output[2]).div_ceil(GROUP as u32);
    Ok(Needs {
        weight_bytes: geometry::product(&[groups, layout.group])?,
        row_bytes: layout.group,
        output: layout.output,
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
    let layout = Layout::of(common, window, u32::MAX).map_err(|_| RunError::Inconsistent)?;
    let areas = [layout.input, layout.output, layout.scratch];
    let [input, output, scratch] = split(arena, areas)?;
    let mut image = Image {
        common,
        geometry: Geometry::of(window),
        input,
        scratch,
        patch: layout.patch as usize,
        direct: layout.direct,
    };
    let channels = image.geometry.output_channels;
    let group = (layout.group as usize).max(1);
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
            .and_then(|tail| tail.get_mut(..segment.len()))
            .ok_or(RunError::Inconsistent)?;
        target.copy_from_slice(segment);
    }
    Ok(())
}
