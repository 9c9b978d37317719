//! A guard against unwinding out of an upcall.

use core::marker::PhantomData;

use crate::Syscalls;

/// Ends the process when it is dropped.
///
/// An upcall is called by the kernel, and nothing above it could catch a panic
/// that unwinds. Code in that place holds an `ExitOnDrop` and forgets it
/// (`core::mem::forget`) once it has come through.
pub struct ExitOnDrop<S: Syscalls>(PhantomData<S>);

impl<S: Syscalls> Default for ExitOnDrop<S> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<S: Syscalls> Drop for ExitOnDrop<S> {
    fn drop(&mut self) {
        S::exit_terminate(0);
    }
}
