//! int16 elements in a byte arena: the lower byte first, at any offset.

use crate::format::int16::Int16;

/// An element's bytes.
pub type Bytes = [u8; 2];

/// The elements of a tensor, whose length is even.
pub fn of(tensor: &[u8]) -> &[Bytes] {
    tensor.as_chunks().0
}

/// The elements of a tensor, for writing.
pub fn of_mut(tensor: &mut [u8]) -> &mut [Bytes] {
    tensor.as_chunks_mut().0
}

/// An element's value.
#[inline(always)]
pub fn value(element: Bytes) -> i32 {
    i32::from(i16::from_le_bytes(element))
}

/// The element for a value that int16 holds.
#[inline(always)]
pub fn element(value: i32) -> Bytes {
    (value as i16).to_le_bytes()
}

/// The output for a value, within the operator's range.
#[inline(always)]
pub fn limited(value: i32, int16: &Int16) -> Bytes {
    let least = i32::from(int16.minimum);
    element(value.min(int16.maximum.into()).max(least))
}
