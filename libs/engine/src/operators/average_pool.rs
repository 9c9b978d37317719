//! AveragePool2D: the mean of what lies under each window, rounded to nearest,
//! halves away from zero. Padding does not count.

use super::geometry::{self, Geometry};
use super::Lengths;
use crate::arena::Areas;
use crate::error::{OperatorFault, RunError};
use crate::format::{Common, Window};

/// What the mean takes; input and output have the same channels.
pub fn lengths(window: &Window) -> Result<Lengths, OperatorFault> {
    geometry::check(window)?;
    if window.input[2] != window.output[2] {
        return Err(OperatorFault::Shape);
    }
    let input = geometry::volume(window.input)?;
    Ok(Lengths::of_tensors(input, geometry::volume(window.output)?))
}

/// Computes the image.
pub fn run(common: &Common, window: &Window, arena: &mut [u8]) -> Result<(), RunError> {
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
                let mut sum = 0i32;
                for row in rows.clone() {
                    let segment = geometry.segment(input, row, &columns)?;
                    for value in segment.iter().skip(channel).step_by(channels) {
                        sum = sum.wrapping_add(i32::from(*value as i8));
                    }
                }
                *output = mean(sum, count)
                    .min(i32::from(common.maximum))
                    .max(i32::from(common.minimum)) as u8;
            }
        }
    }
    Ok(())
}

/// `sum ÷ count`, rounded to nearest, halves away from zero.
fn mean(sum: i32, count: i32) -> i32 {
    let half = if sum > 0 { count / 2 } else { -(count / 2) };
    sum.wrapping_add(half).checked_div(count).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::mean;

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(mean(5, 2), 3);
        assert_eq!(mean(-5, 2), -3);
        assert_eq!(mean(4, 3), 1);
        assert_eq!(mean(-4, 3), -1);
    }
}
