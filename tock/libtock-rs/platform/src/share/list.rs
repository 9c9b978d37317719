//! Lists of shares: one share, or a tuple of lists.

use crate::share::{Handle, SplittableHandle};

/// One share ([`AllowRo`](crate::AllowRo), [`AllowRw`](crate::AllowRw),
/// [`Subscribe`](crate::Subscribe)) or a tuple of lists, up to twelve, that is
/// as far as tuples have `Default`.
pub trait List: Default {}

impl List for () {}

impl<'handle> SplittableHandle<'handle> for () {
    type SplitHandles = ();

    fn split(_handle: Handle<'handle, ()>) {}
}

/// Makes tuples with these type parameters lists that can be split.
macro_rules! tuples {
    ($(($($part:ident)+))+) => {$(
        impl<$($part: List),+> List for ($($part,)+) {}

        impl<'handle, $($part: List + 'handle),+> SplittableHandle<'handle> for ($($part,)+) {
            type SplitHandles = ($(Handle<'handle, $part>,)+);

            fn split(handle: Handle<'handle, Self>) -> Self::SplitHandles {
                // SAFETY: each part is an element of the tuple that `handle`
                // vouches for, and is dropped with it.
                ($(unsafe { handle.change_type::<$part>() },)+)
            }
        }
    )+};
}

tuples! {
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G H)
    (A B C D E F G H I)
    (A B C D E F G H I J)
    (A B C D E F G H I J K)
    (A B C D E F G H I J K L)
}
