//! The kernel's deferred calls, for tests of capsules that use them.

extern crate std;

use kernel::deferred_call::{initialize_deferred_call_state_unsafe, DeferredCall};
use kernel::platform::chip::ThreadIdProvider;
use std::sync::{Mutex, MutexGuard, PoisonError};

enum OneAtATime {}

// SAFETY: `deferred_calls` lets only one test at a time use the state.
unsafe impl ThreadIdProvider for OneAtATime {
    fn running_thread_id() -> usize {
        0
    }
}

/// Fresh deferred calls, for as long as the guard lives.
pub fn deferred_calls() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    let guard = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: the guard keeps all other users of the state out.
    unsafe { initialize_deferred_call_state_unsafe::<OneAtATime>() };
    guard
}

/// Serves deferred calls until none is pending.
pub fn settle() {
    while DeferredCall::service_next_pending().is_some() {}
}
