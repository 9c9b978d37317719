//! Secret bytes: wiped when dropped, and impossible to copy, compare or print by accident.

use zeroize::{Zeroize, ZeroizeOnDrop};

/// `N` secret bytes.
///
/// There is no `Clone`, `Debug`, `Display` or `PartialEq`. A caller that needs the
/// bytes says so with [`expose`](Secret::expose), which is easy to find in a review.
pub struct Secret<const N: usize>([u8; N]);

impl<const N: usize> Secret<N> {
    /// Takes the bytes over. The caller's own copy, if there is one, is the caller's to wipe.
    pub const fn new(bytes: [u8; N]) -> Self {
        Secret(bytes)
    }

    /// A buffer of zeros, to be filled through [`expose_mut`](Secret::expose_mut).
    pub const fn zeroed() -> Self {
        Secret([0; N])
    }

    /// Lends the bytes.
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }

    /// Lends the bytes for writing.
    pub fn expose_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> ZeroizeOnDrop for Secret<N> {}
