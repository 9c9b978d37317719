//! Room for objects that live for ever, and putting them there: once, because
//! that takes the only reference.

use core::mem::MaybeUninit;

/// Room for one object.
pub(crate) type Place<T> = MaybeUninit<T>;

/// Puts a value into its place.
pub(crate) fn keep<T>(place: &'static mut Place<T>, value: T) -> &'static T {
    place.write(value)
}

/// Puts a zeroed buffer into its place.
pub(crate) fn buffer<const LENGTH: usize>(
    place: &'static mut Place<[u8; LENGTH]>,
) -> &'static mut [u8; LENGTH] {
    place.write([0; LENGTH])
}

/// A structure of places, none of which holds anything.
macro_rules! places {
    (
        $(#[$doc:meta])*
        $visibility:vis struct $name:ident $(<$($parameter:ident: $bound:path),+>)? {
            $($field:ident: $T:ty,)+
        }
    ) => {
        $(#[$doc])*
        $visibility struct $name $(<$($parameter: $bound + 'static),+>)? {
            $(pub(crate) $field: $crate::place::Place<$T>,)+
        }

        impl $(<$($parameter: $bound + 'static),+>)? $name $(<$($parameter),+>)? {
            /// Memory with nothing in it.
            #[allow(clippy::new_without_default)] // for statics only
            $visibility const fn new() -> Self {
                $name {
                    $($field: $crate::place::Place::uninit(),)+
                }
            }
        }
    };
}
pub(crate) use places;
