//! The error codes of TRD 104, section 3.3.

use core::fmt;

/// Why a system call or a driver library failed (TRD 104, 3.3).
///
/// Kernels return the codes up to 13; [`BadRVal`](Self::BadRVal) is made in
/// userspace only. Codes 14 to 1023 are reserved, and reach a process as
/// `BadRVal` when the kernel returns one of them.
// Word sized: a half word would cost an extension wherever it is passed on.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u32)]
pub enum ErrorCode {
    /// Something went wrong, with no better description.
    Fail = 1,
    /// The resource is in use; trying again may succeed.
    Busy = 2,
    /// The operation is under way already.
    Already = 3,
    /// The component is switched off.
    Off = 4,
    /// The component has to be reserved before it is used.
    Reserve = 5,
    /// A parameter was invalid.
    Invalid = 6,
    /// A length was too large or too small.
    Size = 7,
    /// The operation was cancelled.
    Cancel = 8,
    /// The memory that the operation needs was not available.
    NoMem = 9,
    /// The call is not supported, or not for this process.
    NoSupport = 10,
    /// There is no such driver, or not for this process.
    NoDevice = 11,
    /// The resource was removed.
    Uninstalled = 12,
    /// A packet was sent and not acknowledged.
    NoAck = 13,
    /// The return variant was not the one that the library expected.
    BadRVal = 1024,
}

/// A number that stands for no [`ErrorCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnErrorCode;

impl ErrorCode {
    /// What the kernel meant by `value` in a failure variant.
    pub(crate) fn from_kernel(value: u32) -> Self {
        Self::try_from(value).unwrap_or(Self::BadRVal)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Fail => "FAIL",
            Self::Busy => "BUSY",
            Self::Already => "ALREADY",
            Self::Off => "OFF",
            Self::Reserve => "RESERVE",
            Self::Invalid => "INVALID",
            Self::Size => "SIZE",
            Self::Cancel => "CANCEL",
            Self::NoMem => "NOMEM",
            Self::NoSupport => "NOSUPPORT",
            Self::NoDevice => "NODEVICE",
            Self::Uninstalled => "UNINSTALLED",
            Self::NoAck => "NOACK",
            Self::BadRVal => "BADRVAL",
        }
    }
}

/// Prints TRD 104's name of the code, `NODEVICE` for instance.
impl fmt::Debug for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl TryFrom<u32> for ErrorCode {
    type Error = NotAnErrorCode;

    fn try_from(value: u32) -> Result<Self, NotAnErrorCode> {
        Ok(match value {
            1 => Self::Fail,
            2 => Self::Busy,
            3 => Self::Already,
            4 => Self::Off,
            5 => Self::Reserve,
            6 => Self::Invalid,
            7 => Self::Size,
            8 => Self::Cancel,
            9 => Self::NoMem,
            10 => Self::NoSupport,
            11 => Self::NoDevice,
            12 => Self::Uninstalled,
            13 => Self::NoAck,
            1024 => Self::BadRVal,
            _ => return Err(NotAnErrorCode),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_converts_to_itself() {
        let mut known = 0;
        for value in 0..2000 {
            if let Ok(code) = ErrorCode::try_from(value) {
                assert_eq!(code as u32, value);
                known += 1;
            }
        }
        assert_eq!(known, 14);
    }

    #[test]
    fn reserved_codes_become_a_bad_return_value() {
        assert_eq!(ErrorCode::from_kernel(14), ErrorCode::BadRVal);
        assert_eq!(ErrorCode::from_kernel(0), ErrorCode::BadRVal);
        assert_eq!(ErrorCode::from_kernel(2), ErrorCode::Busy);
    }
}
