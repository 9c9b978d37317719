//! [`SubSliceMut`]: a buffer of which a part is in use.
//!
//! A driver gets a whole buffer and works on a window of it; the owner, who
//! gets the buffer back, can widen the window to everything again.

use core::ops::{Bound, Index, IndexMut, Range, RangeBounds};
use core::slice::SliceIndex;

/// A mutable buffer with a window on it. Indexing and the accessors see the
/// window only.
#[derive(Debug, PartialEq)]
pub struct SubSliceMut<'a, T> {
    buffer: &'a mut [T],
    /// Always within the buffer, start not after end.
    window: Range<usize>,
}

impl<'a, T> SubSliceMut<'a, T> {
    /// The whole of `buffer`.
    pub fn new(buffer: &'a mut [T]) -> Self {
        let window = 0..buffer.len();
        Self { buffer, window }
    }

    /// Gives the whole buffer back.
    pub fn take(self) -> &'a mut [T] {
        self.buffer
    }

    /// Widens the window to the whole buffer.
    pub fn reset(&mut self) {
        self.window = 0..self.buffer.len();
    }

    /// Narrows the window to `range` of the present window. Bounds past its
    /// end are cut to it.
    pub fn slice<R: RangeBounds<usize>>(&mut self, range: R) {
        let length = self.len();
        let start = match range.start_bound() {
            Bound::Included(&start) => start,
            Bound::Excluded(&before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(&last) => last.saturating_add(1),
            Bound::Excluded(&end) => end,
            Bound::Unbounded => length,
        };
        let end = end.min(length);
        let start = start.min(end);
        self.window = self.window.start + start..self.window.start + end;
    }

    /// Length of the window.
    pub fn len(&self) -> usize {
        self.window.len()
    }

    /// Whether the window is empty.
    pub fn is_empty(&self) -> bool {
        self.window.is_empty()
    }

    /// Whether the window is less than the buffer.
    pub fn is_sliced(&self) -> bool {
        self.len() != self.buffer.len()
    }

    /// Where in the buffer the window lies.
    pub fn active_range(&self) -> Range<usize> {
        self.window.clone()
    }

    /// The window's content.
    pub fn as_slice(&self) -> &[T] {
        &self.buffer[self.window.clone()]
    }

    /// The window's content.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.buffer[self.window.clone()]
    }

    /// The window's first element.
    pub fn as_ptr(&self) -> *const T {
        self.as_slice().as_ptr()
    }

    /// The window's first element.
    pub fn as_mut_ptr(&mut self) -> *mut T {
        self.as_mut_slice().as_mut_ptr()
    }
}

impl<'a, T> From<&'a mut [T]> for SubSliceMut<'a, T> {
    fn from(buffer: &'a mut [T]) -> Self {
        Self::new(buffer)
    }
}

impl<T, I: SliceIndex<[T]>> Index<I> for SubSliceMut<'_, T> {
    type Output = I::Output;

    fn index(&self, index: I) -> &I::Output {
        &self.as_slice()[index]
    }
}

impl<T, I: SliceIndex<[T]>> IndexMut<I> for SubSliceMut<'_, T> {
    fn index_mut(&mut self, index: I) -> &mut I::Output {
        &mut self.as_mut_slice()[index]
    }
}

#[cfg(test)]
mod tests {
    use super::SubSliceMut;

    #[test]
    fn windows_nest_and_reset() {
        let mut bytes = [0u8, 1, 2, 3, 4, 5, 6, 7];
        let mut buffer = SubSliceMut::new(&mut bytes);
        buffer.slice(2..7);
        buffer.slice(1..=2);
        assert_eq!(buffer.as_slice(), [3, 4]);
        assert_eq!(buffer.active_range(), 3..5);
        assert!(buffer.is_sliced());
        buffer[0] = 9;
        buffer.reset();
        assert_eq!(buffer.as_slice(), [0, 1, 2, 9, 4, 5, 6, 7]);
        buffer.slice(4..);
        buffer.slice(..2);
        assert_eq!(buffer.as_slice(), [4, 5]);
        assert_eq!(buffer.take().len(), 8);
    }

    #[test]
    fn bounds_outside_are_cut() {
        let mut bytes = [0u8, 1, 2, 3];
        let mut buffer = SubSliceMut::new(&mut bytes);
        buffer.slice(1..100);
        assert_eq!(buffer.as_slice(), [1, 2, 3]);
        buffer.slice(usize::MAX..);
        assert!(buffer.is_empty());
        buffer.slice(0..=usize::MAX);
        assert_eq!(buffer.len(), 0);
        buffer.reset();
        assert_eq!(buffer.len(), 4);
    }
}
