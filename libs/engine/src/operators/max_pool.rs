//! MaxPool2D: the greatest of what lies under each window.

use super::pool;
use crate::error::RunError;
use crate::format::{Common, Window};

/// Computes the image.
#[inline(never)]
pub fn run(common: &Common, window: &Window, arena: &mut [u8]) -> Result<(), RunError> {
    let least = i32::from(i8::MIN);
    pool::run(common, window, arena, least, i32::max, |value, _| value)
}
