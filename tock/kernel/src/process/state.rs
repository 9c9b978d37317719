//! What a process is doing, and what can go wrong with it.

use crate::errorcode::ErrorCode;
use crate::upcall::UpcallId;

/// What a process is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// It has instructions to execute.
    Running,
    /// It waits for any upcall.
    Yielded,
    /// It waits for this upcall.
    YieldedFor(UpcallId),
    /// It faulted and was not restarted.
    Faulted,
    /// It ended, or was ended.
    Terminated,
}

/// What a fault policy wants done with a process that faulted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FaultAction {
    /// Panic the kernel.
    Panic,
    /// Restart the process.
    Restart,
    /// Leave the process stopped.
    Stop,
}

/// Why the kernel stopped to run a process.
#[derive(Debug, PartialEq, Eq)]
pub enum StoppedExecutingReason {
    /// It waits for something.
    NoWorkLeft,
    /// It faulted.
    StoppedFaulted,
    /// It ended.
    Stopped,
    /// Its time slice is over.
    TimesliceExpired,
    /// The kernel has work to do.
    KernelPreemption,
}

/// Why the kernel could not do something with a process or its memory.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Error {
    /// There is no such process (any more).
    NoSuchApp,
    /// Its memory does not suffice.
    OutOfMemory,
    /// An address is not its own.
    AddressOutOfBounds,
    /// It has ended.
    InactiveApp,
    /// The kernel contradicts itself.
    KernelError,
    /// This part of it is in use already.
    AlreadyInUse,
}

impl From<Error> for ErrorCode {
    fn from(error: Error) -> ErrorCode {
        match error {
            Error::OutOfMemory => ErrorCode::NOMEM,
            Error::AddressOutOfBounds | Error::NoSuchApp => ErrorCode::INVAL,
            Error::InactiveApp | Error::KernelError | Error::AlreadyInUse => ErrorCode::FAIL,
        }
    }
}

impl<T> From<Error> for Result<T, ErrorCode> {
    fn from(error: Error) -> Self {
        Err(error.into())
    }
}
