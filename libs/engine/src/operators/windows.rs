//! Conv2D where every output position's window is gathered, [`POSITIONS`] at a time, in
//! the order of the output.

use super::convolution::{patch, whole, Groups};
use super::dilation;
use super::geometry::Geometry;
use super::requantize::{header, store, Requantizer};
use crate::arena::copy;
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Window, GROUP, GROUP_HEADER_BYTES};
use crate::processor::{Block, GroupHeader, POSITIONS};

/// Bytes of scratch memory for each element under a window: two positions of 16-bit
/// values.
const BLOCK: u32 = 4;

/// The input image, and where what lies under windows is gathered.
pub struct Image<'a> {
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

impl<'a> Image<'a> {
    /// An image whose windows are gathered in `scratch`.
    pub fn new(
        common: &Common,
        window: &Window,
        input: &'a [u8],
        scratch: &'a mut [u8],
    ) -> Result<Self, OperatorFault> {
        let elements = patch(window)?;
        let block = scratch.split_at_mut_checked((elements * BLOCK) as usize);
        let (block, patch) = block.ok_or(OperatorFault::Shape)?;
        let patch = match whole(window) {
            true => &mut [],
            false => patch.get_mut(..elements as usize).unwrap_or_default(),
        };
        Ok(Self {
            padding: common.input_zero_point as u8,
            requantizer: Requantizer::new(common),
            geometry: Geometry::of(window),
            input,
            block: Block::new(block, (elements / 4).max(1) as usize),
            is_pixel: whole(window) && window.kernel == [1, 1],
            patch,
        })
    }

    /// Applies groups of weights, the first of which starts with output channel
    /// `channel`, to every position.
    pub fn apply(
        &mut self,
        groups: &Groups,
        channel: usize,
        output: &mut [u8],
    ) -> Result<(), RunError> {
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

impl Groups<'_> {
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
        for (group, known) in self
            .rows
            .chunks_exact(self.length.max(1))
            .zip(&self.findings.known)
        {
            let header = header(group, &mut copy);
            let weights = group.get(GROUP_HEADER_BYTES..).unwrap_or_default();
            if known.is_idle {
                sums = Default::default();
            } else {
                block.sums(weights.as_chunks().0, &mut sums);
            }
            requantizer.make((header, known.is_small), &sums, &mut outputs);
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
