//! The content of one register of the system call ABI.

use core::num::TryFromIntError;
use core::ptr;

use crate::ErrorCode;

/// What one register carries into or out of a system call: a number or a
/// pointer.
///
/// It is a pointer inside, so that a pointer passed through it keeps its
/// provenance; a number converted to a `Register` has none.
// The layout is that of a pointer, because an upcall receives its application
// data as a `Register` argument.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(transparent)]
pub struct Register(pub *mut ());

impl Register {
    /// The low 32 bits. On a host with wider registers prefer
    /// `u32::try_from`, which reports what does not fit.
    pub fn as_u32(self) -> u32 {
        self.0.addr() as u32
    }

    /// The low 32 bits, as a signed number.
    pub fn as_i32(self) -> i32 {
        self.as_u32() as i32
    }
}

impl From<usize> for Register {
    fn from(value: usize) -> Self {
        Self(ptr::without_provenance_mut(value))
    }
}

impl From<u32> for Register {
    fn from(value: u32) -> Self {
        (value as usize).into()
    }
}

impl From<i32> for Register {
    fn from(value: i32) -> Self {
        (value as usize).into()
    }
}

impl From<ErrorCode> for Register {
    fn from(value: ErrorCode) -> Self {
        (value as u32).into()
    }
}

impl<T> From<*mut T> for Register {
    fn from(value: *mut T) -> Self {
        Self(value.cast())
    }
}

impl<T> From<*const T> for Register {
    fn from(value: *const T) -> Self {
        Self(value.cast_mut().cast())
    }
}

impl From<Register> for usize {
    fn from(register: Register) -> Self {
        register.0.addr()
    }
}

impl<T> From<Register> for *mut T {
    fn from(register: Register) -> Self {
        register.0.cast()
    }
}

impl<T> From<Register> for *const T {
    fn from(register: Register) -> Self {
        register.0.cast_const().cast()
    }
}

impl TryFrom<Register> for u32 {
    type Error = TryFromIntError;

    /// Fails where registers are wider than 32 bits and the value needs it.
    fn try_from(register: Register) -> Result<Self, TryFromIntError> {
        usize::from(register).try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive_the_round_trip() {
        assert_eq!(Register::from(7u32).as_u32(), 7);
        assert_eq!(Register::from(-7i32).as_i32(), -7);
        assert_eq!(usize::from(Register::from(ErrorCode::Size)), 7);
        assert_eq!(u32::try_from(Register::from(u32::MAX)), Ok(u32::MAX));
    }

    #[test]
    fn a_pointer_survives_the_round_trip() {
        let value = 5u8;
        let back: *const u8 = Register::from(&raw const value).into();
        assert_eq!(back, &raw const value);
    }
}
