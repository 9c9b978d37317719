//! Why a TBF did not become a process.

use core::fmt;

use crate::process::binary::ProcessBinaryError;
use crate::process_checker::ProcessCheckError;

/// Why a TBF did not become a process.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ProcessLoadError {
    /// Not enough RAM is left for what it asks for.
    NotEnoughMemory,
    /// The memory protection unit cannot cover its flash.
    MpuInvalidFlashLength,
    /// The memory protection unit cannot cover its memory.
    MpuConfigurationError,
    /// Its RAM is not where it was built for.
    MemoryAddressMismatch {
        /// The first address to be had.
        actual_address: *mut u8,
        /// The address that it needs.
        expected_address: *mut u8,
    },
    /// There are as many processes as the board has room for.
    NoProcessSlot,
    /// The same application runs already, or a newer version of it will.
    Duplicate,
    /// The binary cannot be used.
    BinaryError(ProcessBinaryError),
    /// Its credentials were refused.
    CheckError(ProcessCheckError),
}

impl fmt::Debug for ProcessLoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // By value: `{:p}` of a reference to a pointer is not the pointer.
        match *self {
            Self::NotEnoughMemory => f.write_str("not enough memory"),
            Self::MpuInvalidFlashLength => f.write_str("flash cannot be protected"),
            Self::MpuConfigurationError => f.write_str("memory cannot be protected"),
            Self::MemoryAddressMismatch {
                actual_address,
                expected_address,
            } => write!(
                f,
                "memory is at {actual_address:p}, built for {expected_address:p}"
            ),
            Self::NoProcessSlot => f.write_str("no room for another process"),
            Self::Duplicate => f.write_str("same application, not newer"),
            Self::BinaryError(error) => error.fmt(f),
            Self::CheckError(error) => error.fmt(f),
        }
    }
}
