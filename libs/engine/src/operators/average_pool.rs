//! AveragePool2D: the mean of what lies under each window, rounded to nearest,
//! halves away from zero.

use super::pool;
use crate::error::RunError;
use crate::format::{Common, Window};

/// Computes the image.
#[inline(never)]
pub fn run(common: &Common, window: &Window, arena: &mut [u8]) -> Result<(), RunError> {
    pool::run(common, window, arena, 0, i32::wrapping_add, mean)
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
