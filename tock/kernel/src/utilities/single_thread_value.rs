//! [`SingleThreadValue`]: a static that one thread may use.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::platform::chip::ThreadIdProvider;

/// A value for a `static` that is not `Sync`, bound to the thread that
/// provides it. Other threads (an interrupt handler, say) see nothing.
pub struct SingleThreadValue<T> {
    /// Set once, after `bound` was written; `bound` is read-only from then on.
    is_bound: AtomicBool,
    bound: UnsafeCell<Option<Bound<T>>>,
}

struct Bound<T> {
    value: T,
    thread: usize,
    running_thread: fn() -> usize,
}

// SAFETY: `get` gives the value to no thread but the one it is bound to.
// Binding is kept to one thread by the contract of `bind_to_thread_unsafe`.
unsafe impl<T> Sync for SingleThreadValue<T> {}

impl<T> SingleThreadValue<T> {
    /// Not bound yet.
    #[allow(clippy::new_without_default)] // only for statics
    pub const fn new() -> Self {
        Self {
            is_bound: AtomicBool::new(false),
            bound: UnsafeCell::new(None),
        }
    }

    /// Binds `value` to the calling thread; gives it back if there already is
    /// one.
    ///
    /// # Safety
    ///
    /// Two threads must not bind the same `SingleThreadValue` at the same
    /// time.
    pub unsafe fn bind_to_thread_unsafe<P: ThreadIdProvider>(&self, value: T) -> Result<(), T> {
        if self.is_bound.load(Ordering::Relaxed) {
            return Err(value);
        }
        let bound = Bound {
            value,
            thread: P::running_thread_id(),
            running_thread: P::running_thread_id,
        };
        // SAFETY: not bound, so `get` does not read it, and no other thread
        // binds (the caller's promise).
        unsafe { *self.bound.get() = Some(bound) };
        self.is_bound.store(true, Ordering::Release);
        Ok(())
    }

    /// Whether the calling thread may use the value.
    pub fn bound_to_current_thread(&self) -> bool {
        self.get().is_some()
    }

    /// The value, if it is bound to the calling thread.
    pub fn get(&self) -> Option<&T> {
        if !self.is_bound.load(Ordering::Acquire) {
            return None;
        }
        // SAFETY: once bound it is never written again.
        let bound = unsafe { &*self.bound.get() }.as_ref()?;
        ((bound.running_thread)() == bound.thread).then_some(&bound.value)
    }
}
