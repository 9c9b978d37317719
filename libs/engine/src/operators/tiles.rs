//! Conv2D where four output positions are computed together, in a square where windows
//! are larger than a pixel: these lie over each other, and what both see is gathered once.

use super::convolution::{below, whole, Findings, Groups};
use super::dilation;
use super::geometry::Geometry;
use super::requantize::{header, store, Requantizer};
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Window, GROUP};
use crate::processor::{Block, GroupHeader, POSITIONS};

/// The input image, and where what lies under windows is gathered.
pub struct Image<'a> {
    padding: u8,
    requantizer: Requantizer,
    geometry: Geometry,
    input: &'a [u8],
    block: Block<'a>,
    /// Words of the block before the second pair's.
    below: usize,
    /// Whether windows are pixels of whole fours.
    is_pixel: bool,
}

impl<'a> Image<'a> {
    /// An image whose windows are gathered in `scratch`.
    pub fn new(
        common: &Common,
        window: &Window,
        input: &'a [u8],
        scratch: &'a mut [u8],
    ) -> Result<Self, OperatorFault> {
        let below = below(window)? as usize;
        Ok(Self {
            padding: common.input_zero_point as u8,
            requantizer: Requantizer::new(common),
            geometry: Geometry::of(window),
            input,
            block: Block::new(scratch, below),
            below,
            is_pixel: whole(window) && window.kernel == [1, 1],
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
        if self.is_pixel {
            return self.apply_to_pixels(groups, channel, output);
        }
        let Geometry {
            output_height: height,
            output_width: width,
            output_channels: channels,
            ..
        } = self.geometry;
        for column in (0..width).step_by(2) {
            for row in (0..height).step_by(2) {
                self.gather(row, column)?;
                let first = (row * width + column) * channels;
                let columns = (width - column).min(2);
                let mut tile = Tile {
                    pixels: output.get_mut(first..).unwrap_or_default(),
                    counts: [columns, if row + 1 < height { columns } else { 0 }],
                    pitch: channels,
                    second: width * channels,
                };
                groups.apply(&self.block, &self.requantizer, &mut tile, channel)?;
            }
        }
        Ok(())
    }

    /// The same where a window is a pixel: for four positions in succession.
    fn apply_to_pixels(
        &mut self,
        groups: &Groups,
        channel: usize,
        output: &mut [u8],
    ) -> Result<(), RunError> {
        let geometry = &self.geometry;
        let channels = geometry.output_channels.max(1);
        let across = geometry.stride_across * geometry.input_channels;
        // Where there is a second line, this is no more than the input.
        let down = geometry.input_width * geometry.input_channels;
        let down = down.wrapping_mul(geometry.stride_down);
        let (mut start, mut column, mut line) = (0, 0, 0usize);
        for pixels in output.chunks_mut(channels * POSITIONS) {
            let mut sources: [&[u8]; POSITIONS] = Default::default();
            let count = pixels.len() / channels;
            for source in sources.iter_mut().take(count) {
                let pixel = self.input.get(start..start + geometry.input_channels);
                *source = pixel.ok_or(RunError::Inconsistent)?;
                (start, column) = (start + across, column + 1);
                if column == geometry.output_width {
                    line = line.wrapping_add(down);
                    (start, column) = (line, 0);
                }
            }
            // What is not there may be any pixel: its outputs go nowhere.
            for index in count..POSITIONS {
                sources[index] = sources[0];
            }
            self.block.place(0, sources[0], sources[1]);
            self.block.place(self.below, sources[2], sources[3]);
            let mut tile = Tile {
                pixels,
                counts: [count.min(2), count.saturating_sub(2)],
                pitch: channels,
                second: 2 * channels,
            };
            groups.apply(&self.block, &self.requantizer, &mut tile, channel)?;
        }
        Ok(())
    }

    /// Puts what lies under the windows of the square that begins at `row` and `column`
    /// into the block, which has those of the square above it, if there is one.
    fn gather(&mut self, row: usize, column: usize) -> Result<(), RunError> {
        let geometry = self.geometry;
        if geometry.is_dilated() {
            for pair in 0..2 {
                let (place, start) = ((row + pair, column), pair * self.below);
                let image = (self.input, self.padding);
                dilation::pack(&geometry, place, image, &mut self.block, start);
            }
            return Ok(());
        }
        let line = geometry.kernel_width * geometry.input_channels;
        let down = geometry.stride_down;
        let lines = geometry.kernel_height + geometry.kernel_height.min(down);
        let mut number = 0;
        if row > 0 && down < geometry.kernel_height {
            number = geometry.kernel_height - down;
            self.block.keep(2 * down * line, number * line);
        }
        let left = (column * geometry.stride_across).wrapping_sub(geometry.padding_left);
        let next = left.wrapping_add(geometry.stride_across);
        // Where a window begins in the padding, the difference is beyond all images.
        let is_inside =
            left.max(next).saturating_add(geometry.kernel_width) <= geometry.input_width;
        for number in number..lines {
            let start = number * line;
            // Between windows that do not meet are lines that neither sees.
            let is_below = number >= geometry.kernel_height;
            let between = if is_below {
                down.saturating_sub(geometry.kernel_height)
            } else {
                0
            };
            let source = (row * down + number + between).checked_sub(geometry.padding_top);
            let source = source.filter(|source| *source < geometry.input_height);
            match source {
                Some(source) if is_inside => {
                    let source = source * geometry.input_width;
                    let [first, second] = [left, next].map(|column| {
                        let start = (source + column) * geometry.input_channels;
                        self.input.get(start..start + line).unwrap_or_default()
                    });
                    self.block.place(start, first, second);
                }
                _ => self.gather_padded(start, line, source, column)?,
            }
        }
        Ok(())
    }

    /// Puts a line that reaches into the padding at word `start`: of input row `source`, if
    /// there is one.
    #[inline(never)]
    fn gather_padded(
        &mut self,
        start: usize,
        line: usize,
        source: Option<usize>,
        column: usize,
    ) -> Result<(), RunError> {
        let geometry = &self.geometry;
        self.block.fill(start, line, self.padding);
        let Some(source) = source else {
            return Ok(());
        };
        for position in 0..2 {
            let column = column + position;
            let columns = geometry.columns(column);
            let before = geometry
                .padding_left
                .saturating_sub(column * geometry.stride_across);
            let segment = geometry.segment(self.input, source, &columns)?;
            let start = start + before * geometry.input_channels;
            self.block
                .replace(start, position > 0, self.padding, segment);
        }
        Ok(())
    }
}

/// Where the outputs of four positions go.
struct Tile<'a> {
    /// From the first position's on.
    pixels: &'a mut [u8],
    /// Positions of each pair that there are.
    counts: [usize; 2],
    /// From a position to the other of its pair.
    pitch: usize,
    /// From the first pair to the second.
    second: usize,
}

impl Groups<'_> {
    /// Computes all groups' channels, from `channel` on, of a block's positions.
    #[inline(never)]
    fn apply(
        &self,
        block: &Block,
        requantizer: &Requantizer,
        tile: &mut Tile,
        mut channel: usize,
    ) -> Result<(), RunError> {
        let pitches = [tile.pitch, tile.second - tile.pitch];
        let Findings { known, runs } = self.findings;
        let mut square = block.square(runs, requantizer.limits(), pitches);
        // A pixel's outputs begin with the first channel.
        let mut whole = match tile.counts {
            [2, 2] => tile.pitch.saturating_sub(channel) / GROUP,
            _ => 0,
        };
        let (mut rows, mut known) = (self.rows, &known[..]);
        // Those that make whole outputs go together, and each of the others by itself.
        loop {
            let target = tile.pixels.get_mut(channel..).unwrap_or_default();
            let known_whole = known.get(..whole).unwrap_or(known);
            let done = square.outputs(rows, self.length, known_whole, target);
            rows = rows.get(done * self.length..).unwrap_or_default();
            known = known.get(done..).unwrap_or_default();
            channel += done * GROUP;
            let group = rows.split_at_checked(self.length);
            let (Some((group, later_rows)), Some((first, later))) = (group, known.split_first())
            else {
                return Ok(());
            };
            let sums = square.sums(group, first);
            tile.write(requantizer, (group, first.is_small), sums, channel)?;
            (rows, known, channel) = (later_rows, later, channel + GROUP);
            whole = whole.saturating_sub(done + 1);
        }
    }
}

impl Tile<'_> {
    /// Writes the outputs of a group that starts with `channel`, those that there are.
    #[inline(never)]
    fn write(
        &mut self,
        requantizer: &Requantizer,
        (group, is_small): (&[u8], bool),
        sums: &[[i32; GROUP]; POSITIONS],
        channel: usize,
    ) -> Result<(), RunError> {
        let mut outputs = [[0; GROUP]; POSITIONS];
        let mut copy = GroupHeader::default();
        let header = header(group, &mut copy);
        requantizer.make((header, is_small), sums, &mut outputs);
        for (position, outputs) in outputs.iter().enumerate() {
            let (pair, beside) = (position / 2, position % 2);
            if beside < self.counts[pair] {
                let pixel = pair * self.second + beside * self.pitch;
                let target = self.pixels.get_mut(pixel + channel..pixel + self.pitch);
                store(target.ok_or(RunError::Inconsistent)?, outputs);
            }
        }
        Ok(())
    }
}
