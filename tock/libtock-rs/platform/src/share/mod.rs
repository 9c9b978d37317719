//! Scopes within which the kernel may hold a process's buffers and upcalls.
//!
//! The kernel must let go of a buffer before its memory is used for anything
//! else. A [`List`] is dropped at the end of a [`scope`], and its parts revoke
//! what they stand for when they are dropped; a [`Handle`] proves to a system
//! call that such a list exists.

mod handle;
mod list;

pub use handle::{Handle, SplittableHandle};
pub use list::List;

/// Runs `function` with a handle to a list of shares, all of which are revoked
/// when it returns.
///
/// ```
/// use libtock_platform::{share, AllowRo, Subscribe, Syscalls};
///
/// fn call_a_driver<S: Syscalls>() {
///     share::scope::<(AllowRo<S, 1, 1>, Subscribe<S, 1, 1>), _, _>(|handle| {
///         let (allow, subscribe) = handle.split();
///         # let _ = (allow, subscribe);
///         // ... S::allow_ro(allow, ...), S::subscribe(subscribe, ...)
///     })
/// }
/// ```
pub fn scope<L: List, Output, F: FnOnce(Handle<L>) -> Output>(function: F) -> Output {
    let list = L::default();
    // SAFETY: `list` stays where it is and is dropped when this function
    // returns or unwinds; nothing can forget it.
    function(unsafe { Handle::new(&list) })
}
