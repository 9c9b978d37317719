//! [`CapabilityPtr`]: a pointer that crosses the system call boundary.

use core::fmt::{self, LowerHex, UpperHex};

/// A pointer into user space, exactly as wide as a register. On the
/// processors we support it is an address; nothing vouches for it until the
/// process's bounds have been checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(transparent)]
pub struct CapabilityPtr {
    ptr: *const (),
}

impl CapabilityPtr {
    /// The address.
    pub fn addr(self) -> usize {
        self.ptr.addr()
    }

    /// The pointer, as one to a `T`.
    pub fn as_ptr<T>(&self) -> *const T {
        self.ptr.cast()
    }

    /// Applies `f` unless the pointer is null, which gives `default`.
    pub fn map_or<U, F>(&self, default: U, f: F) -> U
    where
        F: FnOnce(&Self) -> U,
    {
        self.map_or_else(|| default, f)
    }

    /// Applies `f` unless the pointer is null, which calls `default`.
    pub fn map_or_else<U, D, F>(&self, default: D, f: F) -> U
    where
        D: FnOnce() -> U,
        F: FnOnce(&Self) -> U,
    {
        if self.ptr.is_null() {
            default()
        } else {
            f(self)
        }
    }
}

impl Default for CapabilityPtr {
    /// The null pointer.
    fn default() -> Self {
        Self::from(0)
    }
}

impl From<usize> for CapabilityPtr {
    fn from(address: usize) -> Self {
        Self {
            ptr: core::ptr::without_provenance(address),
        }
    }
}

impl<T> From<*const T> for CapabilityPtr {
    fn from(pointer: *const T) -> Self {
        Self {
            ptr: pointer.cast(),
        }
    }
}

impl LowerHex for CapabilityPtr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        LowerHex::fmt(&self.addr(), f)
    }
}

impl UpperHex for CapabilityPtr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        UpperHex::fmt(&self.addr(), f)
    }
}
