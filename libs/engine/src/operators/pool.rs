//! What lies under each window becomes one value: what the pools have in common.
//! Padding does not count.

use super::geometry::{self, Geometry};
use super::Lengths;
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Window};

/// What a pool takes; input and output have the same channels, and windows no
/// gaps.
pub fn lengths(window: &Window) -> Result<Lengths, OperatorFault> {
    geometry::check(window)?;
    if window.gaps != [0; 2] {
        return Err(OperatorFault::Window);
    }
    if window.input[2] != window.output[2] {
        return Err(OperatorFault::Shape);
    }
    let input = geometry::volume(window.input)?;
    Ok(Lengths::of_tensors(input, geometry::volume(window.output)?))
}

/// Computes the image: `start`, then `step` with every input under the window,
/// then `finish` with their number.
#[inline(always)]
pub fn run(
    common: &Common,
    window: &Window,
    arena: &mut [u8],
    start: i32,
    step: impl Fn(i32, i32) -> i32,
    finish: impl Fn(i32, i32) -> i32,
) -> Result<(), RunError> {
    let lengths = lengths(window).map_err(|_| RunError::Inconsistent)?;
    let [input, output, _] = Areas::borrow(common, &lengths, window.scratch_offset, arena)?;
    let geometry = Geometry::of(window);
    let channels = geometry.output_channels.max(1);
    let row_length = channels * geometry.output_width.max(1);
    for (row, pixels) in output.chunks_exact_mut(row_length).enumerate() {
        for (column, pixel) in pixels.chunks_exact_mut(channels).enumerate() {
            let columns = geometry.columns(column);
            let rows = geometry.rows(row);
            let count = (rows.len() * columns.len()) as i32;
            for (channel, output) in pixel.iter_mut().enumerate() {
                let mut value = start;
                for row in rows.clone() {
                    let segment = geometry.segment(input, row, &columns)?;
                    for input in segment.iter().skip(channel).step_by(channels) {
                        value = step(value, i32::from(*input as i8));
                    }
                }
                *output = finish(value, count)
                    .min(i32::from(common.maximum))
                    .max(i32::from(common.minimum)) as u8;
            }
        }
    }
    Ok(())
}
