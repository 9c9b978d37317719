//! DepthwiseConv2D: each output channel sees one input channel.
//!
//! Four output channels at a time; their inputs, padded, go through as many
//! scratch lines as the kernel is high, so that the inner loop has no borders. The
//! lines are used in turn: the one that falls out above comes in below.

use super::geometry::{self, Geometry};
use super::requantize::{header, is_small, Requantizer};
use super::{depthwise_dilated, Lengths};
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Window, GROUP, GROUP_HEADER_BYTES};
use crate::processor::{
    load_pixels, pixel, taps, three_by_three, GroupHeader, Kernel, Pixel, Sums, PIXEL_BYTES,
};
use crate::weights::Weights;

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
    // With gaps a window is gathered; without, the lines of a row of windows.
    let width = match Geometry::of(window).is_dilated() {
        true => width,
        false => line(window)?,
    };
    Ok(Lengths {
        input: geometry::volume(window.input)?,
        output: geometry::volume(window.output)?,
        scratch: geometry::product(&[height, width, PIXEL_BYTES as u32])?,
        row,
        weights: geometry::product(&[groups, row])?,
    })
}

/// Positions whose sums are computed before any becomes an output.
const BATCH: usize = 24;

/// Computes the image.
#[inline(never)]
pub fn run(
    common: &Common,
    window: &Window,
    weights: &mut Weights,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let lengths = lengths(window).map_err(|_| RunError::Inconsistent)?;
    let line = line(window).map_err(|_| RunError::Inconsistent)?;
    let [input, output, scratch] = Areas::borrow(common, &lengths, window.scratch_offset, arena)?;
    let mut lines = Lines {
        geometry: Geometry::of(window),
        input,
        zero_point: common.input_zero_point as u8,
        pixels: scratch.as_chunks_mut().0,
        width: (line as usize).max(1),
        channel: 0,
    };
    let taps = lines.geometry.kernel_height * lines.geometry.kernel_width;
    let channels = lines.geometry.output_channels.max(1);
    let requantizer = Requantizer::new(common);
    let mut batch = Batch::default();
    for channel in (0..channels).step_by(GROUP) {
        let group = weights.groups(lengths.row as usize, 1)?;
        let weights = group.get(GROUP_HEADER_BYTES..).unwrap_or_default();
        let weights = weights.as_chunks().0;
        let mut copy = GroupHeader::default();
        let header = header(group, &mut copy);
        let three_wide = lines.geometry.kernel_width == 3;
        let three_by_three = weights.first_chunk().filter(|_| three_wide && taps == 9);
        let group = Group {
            weights,
            kernel: three_by_three.map(|weights: &[[u8; GROUP]; 9]| Kernel(weights.map(pixel))),
            is_small: is_small(header, taps),
            header,
            requantizer,
        };
        lines.channel = channel;
        if lines.geometry.is_dilated() {
            depthwise_dilated::apply(&mut lines, &group, output)?;
            continue;
        }
        let mut rest = &mut *output;
        let width = lines.geometry.output_width;
        for row in 0..lines.geometry.output_height {
            lines.advance(row)?;
            // A row that fits goes in whole: each part has its own price.
            if batch.count + width > BATCH && width <= BATCH {
                rest = batch.finish(&group, channel, (rest, channels))?;
            }
            let mut column = 0;
            while column < width {
                column += lines.sum(row, column, &group, &mut batch);
                if batch.count == BATCH {
                    rest = batch.finish(&group, channel, (rest, channels))?;
                }
            }
        }
        batch.finish(&group, channel, (rest, channels))?;
    }
    Ok(())
}

/// Positions on their way from sums to outputs.
#[derive(Default)]
struct Batch {
    sums: [Sums; BATCH],
    outputs: [[u8; GROUP]; BATCH],
    /// Positions that have sums.
    count: usize,
}

impl Batch {
    /// Makes outputs of all sums, and writes them to the next of `pixels`, which have
    /// `channels` each, from `channel` on; returns those that are left.
    #[inline(never)]
    fn finish<'a>(
        &mut self,
        group: &Group,
        channel: usize,
        (pixels, channels): (&'a mut [u8], usize),
    ) -> Result<&'a mut [u8], RunError> {
        let sums = self.sums.get(..self.count).unwrap_or_default();
        let (now, later) = pixels
            .split_at_mut_checked(self.count * channels)
            .ok_or(RunError::Inconsistent)?;
        let of_group = (group.header, group.is_small);
        let target = (now, channels);
        let requantizer = &group.requantizer;
        requantizer.write(of_group, sums, &mut self.outputs, target, channel)?;
        self.count = 0;
        Ok(later)
    }
}

/// What a group of four channels multiplies and becomes.
pub struct Group<'a> {
    /// One weight of each channel for every tap.
    pub weights: &'a [[u8; GROUP]],
    /// The same, for a kernel of 3 × 3.
    kernel: Option<Kernel>,
    /// Biases and factors.
    pub header: &'a GroupHeader,
    is_small: bool,
    /// From sums to outputs.
    pub requantizer: Requantizer,
}

/// The padded input lines under the windows of one output row. Line `n` of the image,
/// counted from its padding on, is line `n` modulo the kernel's height here.
pub struct Lines<'a> {
    /// The window's numbers.
    pub geometry: Geometry,
    /// The image.
    pub input: &'a [u8],
    /// What fills padding.
    pub zero_point: u8,
    /// The scratch area.
    pub pixels: &'a mut [Pixel],
    width: usize,
    /// First output channel of the group.
    pub channel: usize,
}

impl Lines<'_> {
    /// Where the line with number `line` is.
    #[inline(always)]
    fn place(&self, line: usize) -> usize {
        let slot = match self.geometry.kernel_height {
            // A constant is divided by in no time.
            3 => line % 3,
            height => line % height.max(1),
        };
        slot * self.width
    }

    /// The line at `place`, from pixel `start` on.
    #[inline(always)]
    fn line(&self, place: usize, start: usize) -> &[Pixel] {
        let line = self.pixels.get(place + start..place + self.width);
        line.unwrap_or_default()
    }

    /// Adds to the batch the sums of output row `row` from `column` on, as many as
    /// there is room for; tells how many that is, one at least unless it is full.
    #[inline(never)]
    fn sum(&self, row: usize, column: usize, group: &Group, batch: &mut Batch) -> usize {
        let stride = self.geometry.stride_across;
        let (top, start) = (row * self.geometry.stride_down, column * stride);
        let sums = batch.sums.get_mut(batch.count..).unwrap_or_default();
        let count = sums.len().min(self.geometry.output_width - column);
        let sums = sums.get_mut(..count).unwrap_or_default();
        batch.count += count;
        if let Some(kernel) = &group.kernel {
            let places = [top, top + 1, top + 2].map(|line| self.place(line));
            let lines = places.map(|place| self.line(place, start));
            three_by_three(sums, kernel, lines, stride);
            return count;
        }
        for (position, sums) in sums.iter_mut().enumerate() {
            *sums = [0; GROUP];
            let start = start + position * stride;
            let kernel = group
                .weights
                .chunks_exact(self.geometry.kernel_width.max(1));
            for (line, weights) in kernel.enumerate() {
                taps(sums, weights, self.line(self.place(top + line), start));
            }
        }
        count
    }

    /// Loads what output row `row` needs beyond the row before.
    fn advance(&mut self, row: usize) -> Result<(), RunError> {
        let height = self.geometry.kernel_height.max(1);
        let top = row * self.geometry.stride_down;
        let kept = match row {
            0 => 0,
            _ => height.saturating_sub(self.geometry.stride_down),
        };
        for number in top + kept..top + height {
            let place = self.place(number);
            let line = self.pixels.get_mut(place..place + self.width);
            let line = line.ok_or(RunError::Inconsistent)?;
            let source = number.checked_sub(self.geometry.padding_top);
            match source.filter(|source| *source < self.geometry.input_height) {
                Some(source) => {
                    let (before, rest) = line
                        .split_at_mut_checked(self.geometry.padding_left)
                        .ok_or(RunError::Inconsistent)?;
                    before.fill(pixel([self.zero_point; GROUP]));
                    let loaded = load(&self.geometry, self.input, source, self.channel, rest)?;
                    let after = rest.get_mut(loaded..).unwrap_or_default();
                    after.fill(pixel([self.zero_point; GROUP]));
                }
                None => line.fill(pixel([self.zero_point; GROUP])),
            }
        }
        Ok(())
    }
}

/// Loads the inputs of four output channels from input row `row` to `line`; tells
/// how many pixels that were.
fn load(
    geometry: &Geometry,
    input: &[u8],
    row: usize,
    channel: usize,
    line: &mut [Pixel],
) -> Result<usize, RunError> {
    let channels = geometry.input_channels.max(1);
    let multiplier = (geometry.output_channels / channels).max(1);
    let pixels = geometry.segment(input, row, &(0..geometry.input_width))?;
    let count = line.len().min(geometry.input_width);
    if multiplier == 1 && channel + GROUP <= channels {
        let pixels = pixels.get(channel..).unwrap_or_default();
        load_pixels(line, pixels, channels);
        return Ok(count);
    }
    for (target, source) in line.iter_mut().zip(pixels.chunks_exact(channels)) {
        let mut lanes = [0; GROUP];
        for (lane, target) in lanes.iter_mut().enumerate() {
            // Lanes past the last channel have no weights: any input will do.
            let source = source.get((channel + lane) / multiplier);
            *target = source.copied().unwrap_or_default();
        }
        *target = pixel(lanes);
    }
    Ok(count)
}
