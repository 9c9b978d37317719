//! From one value to one output, for operators in which that is not what takes long:
//! a function of its own, so that it is in the program once.

use super::requantize::limit;
use crate::fixed_point::{multiply, Multiplier};
use crate::format::Common;

/// The output that `value` becomes.
#[inline(never)]
pub fn rescale(value: i32, factor: Multiplier, common: &Common) -> u8 {
    limit(multiply(value, factor), common)
}
