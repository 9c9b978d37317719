//! Conv2D: every output channel sees every input channel under the window.
//!
//! As many groups of output channels as there are in memory are applied to the whole
//! image, a few positions at a time: what lies under their windows is gathered in
//! scratch memory, in the form that the processor's inner loop wants.

use super::geometry::{self, Geometry};
use super::requantize::{header, is_small, store, Requantizer};
use super::{dilation, Lengths};
use crate::arena::{copy, Areas};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Window, GROUP, GROUP_HEADER_BYTES};
use crate::processor::{as_words, Block, GroupHeader, POSITIONS};
use crate::weights::Weights;

/// Bytes of scratch memory for each element under a window: four positions of
/// bytes, or two of 16-bit values.
const BLOCK: u32 = 4;

/// Most groups of channels that are applied together.
const MOST_GROUPS: usize = 128;

/// Elements under the window, rounded up to fours.
fn patch(window: &Window) -> Result<u32, OperatorFault> {
    let [height, width] = window.kernel.map(u32::from);
    let elements = geometry::product(&[height, width, u32::from(window.input[2])])?;
    geometry::product(&[elements.div_ceil(4), 4])
}

/// Whether windows consist of whole fours in lines, so that none must be put together
/// byte by byte.
fn whole(window: &Window) -> bool {
    window.input[2].is_multiple_of(4) && window.gaps == [0; 2]
}

/// What the convolution takes.
pub fn lengths(window: &Window) -> Result<Lengths, OperatorFault> {
    geometry::check(window)?;
    let patch = patch(window)?;
    let weights = geometry::product(&[patch, GROUP as u32])?;
    let row = geometry::sum(weights, GROUP_HEADER_BYTES as u32)?;
    let groups = u32::from(window.output[2]).div_ceil(GROUP as u32);
    let gathered = if whole(window) { BLOCK } else { BLOCK + 1 };
    Ok(Lengths {
        input: geometry::volume(window.input)?,
        output: geometry::volume(window.output)?,
        scratch: geometry::product(&[patch, gathered])?,
        row,
        weights: geometry::product(&[groups, row])?,
    })
}

/// Computes the image.
#[inline(never)]
pub fn run(
    common: &Common,
    window: &Window,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let lengths = lengths(window).map_err(|_| RunError::Inconsistent)?;
    let patch = patch(window).map_err(|_| RunError::Inconsistent)?;
    let fours = (patch / 4).max(1) as usize;
    let [input, output, scratch] = Areas::borrow(common, &lengths, window.scratch_offset, arena)?;
    let (block, patch) = scratch
        .split_at_mut_checked((patch * BLOCK) as usize)
        .ok_or(RunError::Inconsistent)?;
    let mut image = Image {
        padding: common.input_zero_point as u8,
        requantizer: Requantizer::new(common),
        geometry: Geometry::of(window),
        input,
        block: Block::new(block, fours),
        is_pixel: whole(window) && window.kernel == [1, 1],
        patch,
    };
    let channels = image.geometry.output_channels;
    let group = (lengths.row as usize).max(1);
    let mut channel = 0;
    while channel < channels {
        let left = (channels - channel).div_ceil(GROUP);
        let rows = weights.groups(group, left.min(MOST_GROUPS))?;
        image.apply(rows, group, channel, output)?;
        channel += rows.len() / group * GROUP;
    }
    Ok(())
}

/// The input image, and where what lies under windows is gathered.
struct Image<'a> {
    padding: u8,
    requantizer: Requantizer,
    geometry: Geometry,
    input: &'a [u8],
    block: Block<'a>,
    /// Whether windows are pixels of whole fours.
    is_pixel: bool,
    /// Where a window is put together byte by byte, if it is not of whole fours.
    patch: &'a mut [u8],
}

impl Image<'_> {
    /// Applies groups of weights, the first of which starts with output channel
    /// `channel`, to every position.
    fn apply(
        &mut self,
        rows: &[u8],
        group: usize,
        channel: usize,
        output: &mut [u8],
    ) -> Result<(), RunError> {
        let groups = Groups::new(rows, group);
        let channels = self.geometry.output_channels.max(1);
        let width = self.geometry.output_width;
        let (mut row, mut column) = (0, 0);
        for pixels in output.chunks_mut((channels * POSITIONS).max(1)) {
            for position in 0..pixels.len() / channels {
                self.gather(position, row, column)?;
                column += 1;
                if column == width {
                    (row, column) = (row + 1, 0);
                }
            }
            groups.apply(&self.block, &self.requantizer, pixels, channels, channel)?;
        }
        Ok(())
    }

    /// Puts what lies under the window at `row` and `column` into the block.
    fn gather(&mut self, position: usize, row: usize, column: usize) -> Result<(), RunError> {
        let geometry = &self.geometry;
        if self.is_pixel {
            let pixel = (row * geometry.stride_down) * geometry.input_width
                + column * geometry.stride_across;
            let start = pixel * geometry.input_channels;
            let pixel = self.input.get(start..start + geometry.input_channels);
            let pixel = pixel.ok_or(RunError::Inconsistent)?;
            self.block.place(position, 0, pixel.as_chunks().0);
            return Ok(());
        }
        if geometry.is_dilated() {
            self.patch.fill(self.padding);
            dilation::gather(geometry, (row, column), self.input, self.patch);
            self.block.place(position, 0, self.patch.as_chunks().0);
            return Ok(());
        }
        let top = (row * geometry.stride_down).wrapping_sub(geometry.padding_top);
        let left = (column * geometry.stride_across).wrapping_sub(geometry.padding_left);
        // Where a window begins in the padding, the difference is beyond all images.
        let is_inside = top.saturating_add(geometry.kernel_height) <= geometry.input_height
            && left.saturating_add(geometry.kernel_width) <= geometry.input_width;
        let line = geometry.kernel_width * geometry.input_channels;
        if is_inside {
            let pitch = geometry.input_width * geometry.input_channels;
            let start = top * pitch + left * geometry.input_channels;
            let lines = self
                .input
                .get(start..)
                .unwrap_or_default()
                .chunks(pitch.max(1));
            let lines = lines.take(geometry.kernel_height);
            if self.patch.is_empty() {
                let mut start = 0;
                for source in lines {
                    let source = source.get(..line).unwrap_or_default();
                    self.block.place(position, start, source.as_chunks().0);
                    start += line / 4;
                }
                return Ok(());
            }
            for (target, source) in self.patch.chunks_exact_mut(line.max(1)).zip(lines) {
                copy_short(target, source);
            }
            self.block.place(position, 0, self.patch.as_chunks().0);
            return Ok(());
        }
        self.gather_padded(position, row, column)
    }

    /// The same where the window reaches into the padding.
    #[inline(never)]
    fn gather_padded(
        &mut self,
        position: usize,
        row: usize,
        column: usize,
    ) -> Result<(), RunError> {
        let geometry = &self.geometry;
        let rows = geometry.rows(row);
        let columns = geometry.columns(column);
        let above = geometry
            .padding_top
            .saturating_sub(row * geometry.stride_down);
        let left = geometry
            .padding_left
            .saturating_sub(column * geometry.stride_across);
        let line = geometry.kernel_width * geometry.input_channels;
        let left = left * geometry.input_channels;
        let padding = self.padding;
        if self.patch.is_empty() {
            if rows.len() < geometry.kernel_height || columns.len() < geometry.kernel_width {
                self.block.fill(position, [padding; 4]);
            }
            let mut start = (above * line + left) / 4;
            for row in rows {
                let segment = geometry.segment(self.input, row, &columns)?;
                self.block.place(position, start, segment.as_chunks().0);
                start += line / 4;
            }
            return Ok(());
        }
        self.patch.fill(padding);
        for (line, row) in self
            .patch
            .chunks_exact_mut(line.max(1))
            .skip(above)
            .zip(rows)
        {
            let segment = geometry.segment(self.input, row, &columns)?;
            copy(line.get_mut(left..).unwrap_or_default(), segment);
        }
        self.block.place(position, 0, self.patch.as_chunks().0);
        Ok(())
    }
}

/// Fills `target` with the front of `source`: a few bytes, without a call.
#[inline(always)]
fn copy_short(target: &mut [u8], source: &[u8]) {
    let (targets, target) = target.as_chunks_mut::<4>();
    let (sources, source) = source.as_chunks::<4>();
    let mut rest = source;
    for (index, target) in targets.iter_mut().enumerate() {
        if let Some(source) = sources.get(index) {
            *target = *source;
        }
    }
    if let Some(source) = sources.get(targets.len()) {
        rest = source;
    }
    for (target, source) in target.iter_mut().zip(rest) {
        *target = *source;
    }
}

/// What is known of a group of weights.
#[derive(Clone, Copy, Default)]
struct Known {
    /// Whether sums are small.
    is_small: bool,
    /// Whether all weights are zero, as those of channels are that training has given
    /// up: there is nothing to multiply.
    is_idle: bool,
}

/// Whether all weights are zero; most groups say so at once.
fn is_zero(weights: &[u8]) -> bool {
    let words = as_words(weights);
    match words.len() * 4 == weights.len() {
        true => words.iter().all(|word| *word == 0),
        false => weights.iter().all(|weight| *weight == 0),
    }
}

/// Groups of weights that are applied together.
struct Groups<'a> {
    rows: &'a [u8],
    /// Length of a group.
    length: usize,
    /// For each group.
    known: [Known; MOST_GROUPS],
}

impl<'a> Groups<'a> {
    fn new(rows: &'a [u8], length: usize) -> Self {
        let products = length.saturating_sub(GROUP_HEADER_BYTES) / GROUP;
        let mut known = [Known::default(); MOST_GROUPS];
        let mut copy = GroupHeader::default();
        for (group, known) in rows.chunks_exact(length.max(1)).zip(&mut known) {
            let weights = group.get(GROUP_HEADER_BYTES..).unwrap_or_default();
            *known = Known {
                is_small: is_small(header(group, &mut copy), products),
                is_idle: is_zero(weights),
            };
        }
        Self {
            rows,
            length,
            known,
        }
    }

    /// Computes all groups' channels, from `channel` on, of a block's `pixels`, which
    /// have `channels` each.
    #[inline(never)]
    fn apply(
        &self,
        block: &Block,
        requantizer: &Requantizer,
        pixels: &mut [u8],
        channels: usize,
        mut channel: usize,
    ) -> Result<(), RunError> {
        let mut copy = GroupHeader::default();
        let mut sums = [[0; GROUP]; POSITIONS];
        let mut outputs = [[0; GROUP]; POSITIONS];
        for (group, known) in self.rows.chunks_exact(self.length.max(1)).zip(&self.known) {
            let header = header(group, &mut copy);
            let weights = group.get(GROUP_HEADER_BYTES..).unwrap_or_default();
            if known.is_idle {
                sums = Default::default();
            } else {
                block.sums(weights.as_chunks().0, &mut sums);
            }
            let group = (header, known.is_small);
            let target = (&mut *pixels, channels);
            if requantizer.write_directly(group, &sums, target, channel)? {
                channel += GROUP;
                continue;
            }
            requantizer.make(group, &sums, &mut outputs);
            // Here, and not by `write`: compilers keep more in registers.
            let end = channels.min(channel + GROUP);
            for (pixel, outputs) in pixels.chunks_exact_mut(channels.max(1)).zip(&outputs) {
                let target = pixel.get_mut(channel..end).ok_or(RunError::Inconsistent)?;
                store(target, outputs);
            }
            channel = end;
        }
        Ok(())
    }
}
