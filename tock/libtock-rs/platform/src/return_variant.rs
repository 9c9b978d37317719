//! What the first register of a return says about the others (TRD 104, 3.2).

use crate::Register;

/// Which values a system call returned. Not an enum, because a kernel may
/// return a number that this library does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnVariant(u32);

/// An error code.
pub const FAILURE: ReturnVariant = ReturnVariant(0);
/// An error code and a 32-bit number.
pub const FAILURE_U32: ReturnVariant = ReturnVariant(1);
/// An error code and two 32-bit numbers.
pub const FAILURE_2_U32: ReturnVariant = ReturnVariant(2);
/// An error code and a 64-bit number.
pub const FAILURE_U64: ReturnVariant = ReturnVariant(3);
/// Success, and nothing else.
pub const SUCCESS: ReturnVariant = ReturnVariant(128);
/// Success and a 32-bit number.
pub const SUCCESS_U32: ReturnVariant = ReturnVariant(129);
/// Success and two 32-bit numbers.
pub const SUCCESS_2_U32: ReturnVariant = ReturnVariant(130);
/// Success and a 64-bit number.
pub const SUCCESS_U64: ReturnVariant = ReturnVariant(131);
/// Success and three 32-bit numbers.
pub const SUCCESS_3_U32: ReturnVariant = ReturnVariant(132);
/// Success, a 32-bit and a 64-bit number.
pub const SUCCESS_U32_U64: ReturnVariant = ReturnVariant(133);

impl From<u32> for ReturnVariant {
    fn from(value: u32) -> Self {
        Self(value)
    }
}

impl From<ReturnVariant> for u32 {
    fn from(variant: ReturnVariant) -> Self {
        variant.0
    }
}

impl From<ReturnVariant> for Register {
    fn from(variant: ReturnVariant) -> Self {
        variant.0.into()
    }
}
