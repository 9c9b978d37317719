//! Proof that a share will be revoked.

use core::marker::PhantomData;

use crate::share::List;

/// Proof that a list of type `L` exists and will be dropped, rather than leaked
/// or forgotten. Obtained from [`scope`](crate::share::scope).
// Behaves as the `&'handle L` that it stands for. How long the *share* may last
// is in L's own lifetime.
pub struct Handle<'handle, L: List> {
    list: PhantomData<&'handle L>,
}

// By hand, because `derive` would ask that L be Clone and Copy.
impl<L: List> Clone for Handle<'_, L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<L: List> Copy for Handle<'_, L> {}

impl<'handle, L: List> Handle<'handle, L> {
    /// A handle to `_list`.
    ///
    /// # Safety
    /// `_list` must be dropped before its memory is reused or goes away; it may
    /// not be leaked or forgotten.
    pub unsafe fn new(_list: &'handle L) -> Self {
        Self { list: PhantomData }
    }

    /// A handle to a part of this handle's list.
    ///
    /// # Safety
    /// An `Other` must exist that is dropped no later than the list; in
    /// general, because it is a part of it.
    pub unsafe fn change_type<Other: List>(self) -> Handle<'handle, Other> {
        Handle { list: PhantomData }
    }

    /// A handle to each part of a tuple.
    pub fn split(self) -> L::SplitHandles
    where
        L: SplittableHandle<'handle>,
    {
        L::split(self)
    }
}

/// A list with parts, that is, a tuple. Used through [`Handle::split`].
pub trait SplittableHandle<'handle>: List {
    /// A tuple with the handle to each part.
    type SplitHandles;

    /// The handles to the parts of `handle`'s list.
    fn split(handle: Handle<'handle, Self>) -> Self::SplitHandles;
}
