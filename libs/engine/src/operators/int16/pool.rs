//! AveragePool2D and MaxPool2D: what lies under each window becomes one value. Padding
//! does not count.
//!
//! As tensorflow/lite/kernels/internal/reference/integer_ops/pooling.h: means are
//! rounded to nearest, halves away from zero.

use super::elements;
use super::lengths::of_tensors;
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::format::int16::Int16;
use crate::format::{Common, Window};
use crate::operators::geometry::{self, Geometry};
use crate::operators::Lengths;

/// What a pool takes; input and output have the same channels, and windows no gaps.
pub fn lengths(window: &Window) -> Result<Lengths, OperatorFault> {
    geometry::check(window)?;
    if window.gaps != [0; 2] {
        return Err(OperatorFault::Window);
    }
    if window.input[2] != window.output[2] {
        return Err(OperatorFault::Shape);
    }
    let input = geometry::volume(window.input)?;
    of_tensors(input, geometry::volume(window.output)?)
}

/// Computes an AveragePool2D.
pub fn run_average(
    common: &Common,
    int16: &Int16,
    window: &Window,
    arena: &mut [u8],
) -> Result<(), RunError> {
    run(common, (int16, window), arena, 0, i32::wrapping_add, mean)
}

/// `sum ÷ count`, rounded to nearest, halves away from zero.
fn mean(sum: i32, count: i32) -> i32 {
    let half = if sum > 0 { count / 2 } else { -(count / 2) };
    sum.wrapping_add(half).checked_div(count).unwrap_or(0)
}

/// Computes a MaxPool2D.
pub fn run_max(
    common: &Common,
    int16: &Int16,
    window: &Window,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let least = i32::from(i16::MIN);
    let last = |greatest, _| greatest;
    run(common, (int16, window), arena, least, i32::max, last)
}

/// Computes the image: `start`, then `step` with every input under the window, then
/// `finish` with their number.
#[inline(always)]
fn run(
    common: &Common,
    (int16, window): (&Int16, &Window),
    arena: &mut [u8],
    start: i32,
    step: impl Fn(i32, i32) -> i32,
    finish: impl Fn(i32, i32) -> i32,
) -> Result<(), RunError> {
    let lengths = lengths(window).map_err(|_| RunError::Inconsistent)?;
    let [input, output, _] = Areas::borrow(common, &lengths, window.scratch_offset, arena)?;
    let input = elements::of(input);
    let geometry = Geometry::of(window);
    let channels = geometry.output_channels.max(1);
    let width = geometry.output_width.max(1);
    let pixels = elements::of_mut(output).chunks_exact_mut(channels);
    for (position, pixel) in pixels.enumerate() {
        let rows = geometry.rows(position / width);
        let columns = geometry.columns(position % width);
        let count = (rows.len() * columns.len()) as i32;
        for (channel, output) in pixel.iter_mut().enumerate() {
            let mut value = start;
            for row in rows.clone() {
                let first = (row * geometry.input_width + columns.start) * channels;
                let line = input.get(first..first + columns.len() * channels);
                let line = line.ok_or(RunError::Inconsistent)?;
                for input in line.iter().skip(channel).step_by(channels) {
                    value = step(value, elements::value(*input));
                }
            }
            *output = elements::limited(finish(value, count), int16);
        }
    }
    Ok(())
}
