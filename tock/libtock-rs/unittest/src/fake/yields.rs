//! Yield in the fake kernel.

use libtock_platform::YieldNoWaitReturn;

use crate::state::with_state;
use crate::{ExpectedSyscall, SyscallLogEntry};

/// Runs one upcall if one is pending, and says whether it did.
pub(super) fn no_wait() -> YieldNoWaitReturn {
    let override_return = with_state(|state| {
        state.log.push(SyscallLogEntry::YieldNoWait);
        match state.expected.pop_front() {
            None => None,
            Some(ExpectedSyscall::YieldNoWait { override_return }) => override_return,
            Some(other) => panic!("expected {other:?}, not yield-no-wait"),
        }
    });
    let ran = match run_next() {
        true => YieldNoWaitReturn::Upcall,
        false => YieldNoWaitReturn::NoUpcall,
    };
    override_return.unwrap_or(ran)
}

/// Runs an upcall.
///
/// # Panics
/// When none is pending: no interrupt could ever schedule one, and the test
/// would hang.
pub(super) fn wait() {
    let skip = with_state(|state| {
        state.log.push(SyscallLogEntry::YieldWait);
        match state.expected.pop_front() {
            None => false,
            Some(ExpectedSyscall::YieldWait { skip_upcall }) => skip_upcall,
            Some(other) => panic!("expected {other:?}, not yield-wait"),
        }
    });
    assert!(
        skip || run_next(),
        "yield-wait, and no upcall is pending that could end it"
    );
}

fn run_next() -> bool {
    let Some(next) = with_state(|state| state.upcalls.pop_front()) else {
        return false;
    };
    if let Some(function) = next.upcall.function {
        let (arg0, arg1, arg2) = next.arguments;
        // SAFETY: an upcall in the queue is registered, and whoever registered
        // it keeps it callable until it is replaced.
        unsafe { function(arg0, arg1, arg2, next.upcall.data) };
    }
    true
}
