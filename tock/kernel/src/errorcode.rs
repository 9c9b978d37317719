//! [`ErrorCode`]: the error numbers that kernel and user space share.

/// Why an operation failed (TRD 104, section 3.4). `Ok(())` has the number 0
/// where a result travels as one number.
#[allow(clippy::upper_case_acronyms)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum ErrorCode {
    /// Failed, for a reason that has no number.
    FAIL = 1,
    /// Busy: try again later.
    BUSY = 2,
    /// Already under way, or already in the requested state.
    ALREADY = 3,
    /// Powered off.
    OFF = 4,
    /// Something must be reserved or opened first.
    RESERVE = 5,
    /// An argument is not valid.
    INVAL = 6,
    /// A size is too large or too small.
    SIZE = 7,
    /// Cancelled by a call.
    CANCEL = 8,
    /// Not enough memory.
    NOMEM = 9,
    /// Not supported.
    NOSUPPORT = 10,
    /// No such device, or not for the caller.
    NODEVICE = 11,
    /// The device is not installed.
    UNINSTALLED = 12,
    /// The other side did not acknowledge.
    NOACK = 13,
}

impl From<ErrorCode> for usize {
    fn from(error: ErrorCode) -> usize {
        error as usize
    }
}

impl From<ErrorCode> for Result<(), ErrorCode> {
    fn from(error: ErrorCode) -> Self {
        Err(error)
    }
}

impl TryFrom<Result<(), ErrorCode>> for ErrorCode {
    type Error = ();

    fn try_from(result: Result<(), ErrorCode>) -> Result<Self, ()> {
        result.err().ok_or(())
    }
}

/// The number by which a result travels to user space: 0 or the error's.
pub fn into_statuscode(result: Result<(), ErrorCode>) -> usize {
    result.err().map_or(0, usize::from)
}
