//! [`StaticRef`]: a reference to something at a fixed address.

use core::ops::Deref;
use core::ptr::NonNull;

/// A `&'static T` at an address known to the programmer: the registers of a
/// peripheral. Unlike the reference it can be made in a `const`.
#[derive(Debug)]
pub struct StaticRef<T> {
    ptr: NonNull<T>,
}

impl<T> StaticRef<T> {
    /// A reference to `ptr`.
    ///
    /// # Safety
    ///
    /// `ptr` must be aligned, not null, and point to a valid `T` for as long
    /// as the program runs.
    pub const unsafe fn new(ptr: *const T) -> StaticRef<T> {
        StaticRef {
            // SAFETY: the caller promises that it is not null.
            ptr: unsafe { NonNull::new_unchecked(ptr.cast_mut()) },
        }
    }
}

impl<T> Clone for StaticRef<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for StaticRef<T> {}

impl<T> Deref for StaticRef<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: `new`'s caller promised a valid `T`, for ever.
        unsafe { self.ptr.as_ref() }
    }
}
