//! AveragePool2D and MaxPool2D: what lies under each window becomes one value. Padding
//! does not count.
//!
//! As tensorflow/lite/kernels/internal/reference/integer_ops/pooling.h: means are
//! rounded to nearest, halves away from zero.

use super::elements;
use super::lengths::of_tensors;
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::format::int16::{Int16, Operation};
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

/// Computes the image.
#[inline(never)]
pub fn run(
    common: &Common,
    int16: &Int16,
    window: &Window,
    arena: &mut [u8],
) -> Result<(), RunError> {
    let is_max = matches!(int16.operation, Operation::MaxPool2D(_));
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
            let (mut greatest, mut sum) = (i32::from(i16::MIN), 0i32);
            for row in rows.clone() {
                let first = (row * geometry.input_width + columns.start) * channels;
                let line = input.get(first..first + columns.len() * channels);
                let line = line.ok_or(RunError::Inconsistent)?;
                for input in line.iter().skip(channel).step_by(channels) {
                    let input = elements::value(*input);
                    greatest = greatest.max(input);
                    sum = sum.wrapping_add(input);
                }
            }
            let result = if is_max { greatest } else { mean(sum, count) };
            *output = elements::limited(result, int16);
        }
    }
    Ok(())
}

/// `sum ÷ count`, rounded to nearest, halves away from zero.
fn mean(sum: i32, count: i32) -> i32 {
    let half = if sum > 0 { count / 2 } else { -(count / 2) };
    sum.wrapping_add(half).checked_div(count).unwrap_or(0)
}
