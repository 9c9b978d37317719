//! What `main` may return.

use crate::{ErrorCode, Syscalls};

/// A value that `main` may return, and how the process ends with it.
pub trait Termination {
    /// Ends the process, with a completion code that says what `self` says.
    fn complete<S: Syscalls>(self) -> !;
}

impl Termination for () {
    fn complete<S: Syscalls>(self) -> ! {
        S::exit_terminate(0)
    }
}

impl Termination for Result<(), ErrorCode> {
    fn complete<S: Syscalls>(self) -> ! {
        S::exit_terminate(match self {
            Ok(()) => 0,
            Err(code) => code as u32,
        })
    }
}
