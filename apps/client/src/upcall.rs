//! Waiting for one upcall among others.

use core::cell::Cell;

use libtock_platform::subscribe::AnyId;
use libtock_platform::{Syscalls, Upcall};

/// Sleeps until `kept` has been called, if it has not been, and returns what it kept. Other upcalls
/// of the process may run in the meantime.
pub(crate) fn wait<S: Syscalls, T: Copy>(kept: &Cell<Option<T>>) -> T
where
    Cell<Option<T>>: Upcall<AnyId>,
{
    loop {
        if let Some(arguments) = kept.get() {
            return arguments;
        }
        S::yield_wait();
    }
}
