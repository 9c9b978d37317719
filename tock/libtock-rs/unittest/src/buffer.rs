//! Buffers that the code under test has shared with a fake driver.

use std::ops::{Deref, DerefMut};
use std::{ptr, slice};

use libtock_platform::Register;

/// Implements what both kinds of buffers have in common.
macro_rules! buffer {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        // Invariant: the length is 0, or address and length are a buffer that
        // stays borrowed until this value has been given back.
        #[derive(Debug)]
        pub struct $name {
            address: *mut u8,
            length: usize,
        }

        impl $name {
            /// The buffer that the registers describe.
            ///
            /// # Safety
            /// The length must be 0, or address and length must be a buffer
            /// that is borrowed for as long as this value exists.
            pub(crate) unsafe fn new(address: Register, length: Register) -> Self {
                Self {
                    address: address.into(),
                    length: length.into(),
                }
            }

            /// The registers that describe the buffer.
            pub(crate) fn into_registers(self) -> [Register; 2] {
                [self.address.into(), self.length.into()]
            }
        }

        /// A buffer of length zero.
        impl Default for $name {
            fn default() -> Self {
                Self {
                    address: ptr::null_mut(),
                    length: 0,
                }
            }
        }

        impl Deref for $name {
            type Target = [u8];

            fn deref(&self) -> &[u8] {
                match self.length {
                    0 => &[],
                    // SAFETY: the invariant of the type.
                    length => unsafe { slice::from_raw_parts(self.address, length) },
                }
            }
        }
    };
}

buffer!(
    /// A buffer from Read-Only Allow.
    RoAllowBuffer
);
buffer!(
    /// A buffer from Read-Write Allow.
    RwAllowBuffer
);

impl DerefMut for RwAllowBuffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        match self.length {
            0 => &mut [],
            // SAFETY: the invariant of the type, and that Read-Write Allow
            // borrows mutably.
            length => unsafe { slice::from_raw_parts_mut(self.address, length) },
        }
    }
}
