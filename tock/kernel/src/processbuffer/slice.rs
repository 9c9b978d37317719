//! The content of shared buffers, byte by byte in cells.

use core::cell::Cell;
use core::ops::{Range, RangeFrom, RangeTo};
use core::{ptr, slice};

use crate::errorcode::ErrorCode;

/// A byte that the kernel may read. It can change between two reads.
#[repr(transparent)]
pub struct ReadableProcessByte {
    cell: Cell<u8>,
}

impl ReadableProcessByte {
    /// The byte now.
    pub fn get(&self) -> u8 {
        self.cell.get()
    }
}

/// Bytes that the kernel may read.
#[repr(transparent)]
pub struct ReadableProcessSlice {
    bytes: [ReadableProcessByte],
}

/// Bytes that the kernel may read and write.
#[repr(transparent)]
pub struct WriteableProcessSlice {
    bytes: [Cell<u8>],
}

/// What [`ReadableProcessSlice::get`] and [`WriteableProcessSlice::get`]
/// accept: a number or a range.
pub trait ProcessSliceIndex<S: ?Sized> {
    /// What is found there.
    type Output: ?Sized;

    /// The part of `slice`, if it is inside.
    fn get(self, slice: &S) -> Option<&Self::Output>;
}

macro_rules! process_slice {
    ($name:ident of $byte:ty) => {
        impl $name {
            fn wrap(bytes: &[$byte]) -> &Self {
                // SAFETY: `repr(transparent)` over the same slice type.
                unsafe { &*(core::ptr::from_ref(bytes) as *const Self) }
            }

            /// Length in bytes.
            pub fn len(&self) -> usize {
                self.bytes.len()
            }

            /// Whether there are no bytes.
            pub fn is_empty(&self) -> bool {
                self.bytes.is_empty()
            }

            /// The bytes.
            pub fn iter(&self) -> slice::Iter<'_, $byte> {
                self.bytes.iter()
            }

            /// The bytes in pieces of `chunk_size` (not 0); the last piece
            /// may be shorter.
            pub fn chunks(&self, chunk_size: usize) -> impl Iterator<Item = &Self> {
                self.bytes.chunks(chunk_size).map(Self::wrap)
            }

            /// A byte or a range of bytes, if it is inside.
            pub fn get<I: ProcessSliceIndex<Self>>(&self, index: I) -> Option<&I::Output> {
                index.get(self)
            }

            /// Copies the bytes to `dest`. `SIZE`: the lengths differ.
            pub fn copy_to_slice_or_err(&self, dest: &mut [u8]) -> Result<(), ErrorCode> {
                if self.len() != dest.len() {
                    return Err(ErrorCode::SIZE);
                }
                // SAFETY: both are as long, and the cells may be read: no process runs
                // while the kernel does, so that nobody writes them meanwhile.
                unsafe {
                    ptr::copy(self.bytes.as_ptr().cast(), dest.as_mut_ptr(), dest.len());
                }
                Ok(())
            }
        }

        impl ProcessSliceIndex<$name> for usize {
            type Output = $byte;

            fn get(self, slice: &$name) -> Option<&$byte> {
                slice.bytes.get(self)
            }
        }

        process_slice!(range Range<usize>, $name);
        process_slice!(range RangeFrom<usize>, $name);
        process_slice!(range RangeTo<usize>, $name);
    };
    (range $range:ty, $name:ident) => {
        impl ProcessSliceIndex<$name> for $range {
            type Output = $name;

            fn get(self, slice: &$name) -> Option<&$name> {
                slice.bytes.get(self).map($name::wrap)
            }
        }
    };
}

process_slice!(ReadableProcessSlice of ReadableProcessByte);
process_slice!(WriteableProcessSlice of Cell<u8>);

impl ReadableProcessSlice {
    /// The `len` bytes from `start`.
    ///
    /// # Safety
    ///
    /// They must be readable for the lifetime, and nothing in Rust may assume
    /// that they do not change. `start` is not null.
    pub(super) unsafe fn from_raw<'a>(start: *const u8, len: usize) -> &'a Self {
        // SAFETY: the caller's promise; cells allow for changes.
        Self::wrap(unsafe { slice::from_raw_parts(start.cast(), len) })
    }
}

impl WriteableProcessSlice {
    /// The `len` bytes from `start`.
    ///
    /// # Safety
    ///
    /// They must be readable and writeable for the lifetime, and nothing in
    /// Rust may assume that they do not change. `start` is not null.
    pub(super) unsafe fn from_raw<'a>(start: *mut u8, len: usize) -> &'a Self {
        // SAFETY: the caller's promise; cells allow for changes.
        Self::wrap(unsafe { slice::from_raw_parts(start.cast::<Cell<u8>>().cast_const(), len) })
    }

    /// Copies the bytes of `src` here. `SIZE`: the lengths differ.
    pub fn copy_from_slice_or_err(&self, src: &[u8]) -> Result<(), ErrorCode> {
        if self.len() != src.len() {
            return Err(ErrorCode::SIZE);
        }
        let place = ptr::from_ref(&self.bytes).cast::<u8>().cast_mut();
        // SAFETY: both are as long, and cells may be written through a shared reference:
        // no process runs while the kernel does, so that nobody reads them meanwhile.
        unsafe { ptr::copy(src.as_ptr(), place, src.len()) };
        Ok(())
    }
}

impl<'a> From<&'a mut [u8]> for &'a ReadableProcessSlice {
    fn from(bytes: &'a mut [u8]) -> Self {
        // SAFETY: valid bytes, borrowed mutably, so nobody else looks.
        unsafe { ReadableProcessSlice::from_raw(bytes.as_ptr(), bytes.len()) }
    }
}

impl<'a> From<&'a mut [u8]> for &'a WriteableProcessSlice {
    fn from(bytes: &'a mut [u8]) -> Self {
        // SAFETY: valid bytes, borrowed mutably, so nobody else looks.
        unsafe { WriteableProcessSlice::from_raw(bytes.as_mut_ptr(), bytes.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_copies() {
        let mut bytes = [1u8, 2, 3, 4, 5];
        let slice: &WriteableProcessSlice = (&mut bytes[..]).into();
        assert_eq!(slice.get(1).map(Cell::get), Some(2));
        assert!(slice.get(5).is_none());
        assert!(slice.get(2..6).is_none());
        assert!(slice.get(6..).is_none());
        let part = slice.get(1..3).unwrap();
        assert_eq!(
            part.copy_from_slice_or_err(&[9, 8, 7]),
            Err(ErrorCode::SIZE)
        );
        assert_eq!(part.copy_from_slice_or_err(&[9, 8]), Ok(()));
        let mut copy = [0; 4];
        let tail = slice.get(1..).unwrap();
        assert_eq!(tail.copy_to_slice_or_err(&mut copy), Ok(()));
        assert_eq!(copy, [9, 8, 4, 5]);
        assert_eq!(slice.copy_to_slice_or_err(&mut copy), Err(ErrorCode::SIZE));
        assert!(slice.chunks(2).map(|chunk| chunk.len()).eq([2, 2, 1]));
    }

    #[test]
    fn readable() {
        let mut bytes = [1u8, 2, 3];
        let slice: &ReadableProcessSlice = (&mut bytes[..]).into();
        assert_eq!(slice.get(..2).map(|part| part.len()), Some(2));
        assert!(slice.iter().map(ReadableProcessByte::get).eq([1, 2, 3]));
    }
}
