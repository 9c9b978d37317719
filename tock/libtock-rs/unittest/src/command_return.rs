//! Returns for a fake driver's commands.

use libtock_platform::return_variant as variant;
use libtock_platform::{CommandReturn, ErrorCode};

/// The low and high words of `value`.
fn split(value: u64) -> (u32, u32) {
    (value as u32, (value >> 32) as u32)
}

/// A failure without data.
pub fn failure(error_code: ErrorCode) -> CommandReturn {
    // SAFETY: the first value is an error code.
    unsafe { CommandReturn::new(variant::FAILURE, error_code as u32, 0, 0) }
}

/// A failure with a `u32`.
pub fn failure_u32(error_code: ErrorCode, value: u32) -> CommandReturn {
    // SAFETY: the first value is an error code.
    unsafe { CommandReturn::new(variant::FAILURE_U32, error_code as u32, value, 0) }
}

/// A failure with two `u32`.
pub fn failure_2_u32(error_code: ErrorCode, value0: u32, value1: u32) -> CommandReturn {
    // SAFETY: the first value is an error code.
    unsafe { CommandReturn::new(variant::FAILURE_2_U32, error_code as u32, value0, value1) }
}

/// A failure with a `u64`.
pub fn failure_u64(error_code: ErrorCode, value: u64) -> CommandReturn {
    let (low, high) = split(value);
    // SAFETY: the first value is an error code.
    unsafe { CommandReturn::new(variant::FAILURE_U64, error_code as u32, low, high) }
}

/// A success without data.
pub fn success() -> CommandReturn {
    // SAFETY: not a failure.
    unsafe { CommandReturn::new(variant::SUCCESS, 0, 0, 0) }
}

/// A success with a `u32`.
pub fn success_u32(value: u32) -> CommandReturn {
    // SAFETY: not a failure.
    unsafe { CommandReturn::new(variant::SUCCESS_U32, value, 0, 0) }
}

/// A success with two `u32`.
pub fn success_2_u32(value0: u32, value1: u32) -> CommandReturn {
    // SAFETY: not a failure.
    unsafe { CommandReturn::new(variant::SUCCESS_2_U32, value0, value1, 0) }
}

/// A success with a `u64`.
pub fn success_u64(value: u64) -> CommandReturn {
    let (low, high) = split(value);
    // SAFETY: not a failure.
    unsafe { CommandReturn::new(variant::SUCCESS_U64, low, high, 0) }
}

/// A success with three `u32`.
pub fn success_3_u32(value0: u32, value1: u32, value2: u32) -> CommandReturn {
    // SAFETY: not a failure.
    unsafe { CommandReturn::new(variant::SUCCESS_3_U32, value0, value1, value2) }
}

/// A success with a `u32` and a `u64`.
pub fn success_u32_u64(value0: u32, value1: u64) -> CommandReturn {
    let (low, high) = split(value1);
    // SAFETY: not a failure.
    unsafe { CommandReturn::new(variant::SUCCESS_U32_U64, value0, low, high) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: u64 = 0x1111_2222_3333_4444;

    #[test]
    fn values_come_back_as_they_were_given() {
        let busy = ErrorCode::Busy;
        assert_eq!(failure(busy).get_failure(), Some(busy));
        assert_eq!(failure_u32(busy, 1).get_failure_u32(), Some((busy, 1)));
        assert_eq!(
            failure_2_u32(busy, 1, 2).get_failure_2_u32(),
            Some((busy, 1, 2))
        );
        assert_eq!(
            failure_u64(busy, WIDE).get_failure_u64(),
            Some((busy, WIDE))
        );
        assert!(success().is_success());
        assert_eq!(success_u32(1).get_success_u32(), Some(1));
        assert_eq!(success_2_u32(1, 2).get_success_2_u32(), Some((1, 2)));
        assert_eq!(success_u64(WIDE).get_success_u64(), Some(WIDE));
        assert_eq!(success_3_u32(1, 2, 3).get_success_3_u32(), Some((1, 2, 3)));
        assert_eq!(
            success_u32_u64(1, WIDE).get_success_u32_u64(),
            Some((1, WIDE))
        );
    }
}
