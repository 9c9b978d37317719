//! [`IoWrite`]: output of bytes that cannot fail.

use crate::collections::ring_buffer::RingBuffer;

/// Takes bytes, synchronously.
pub trait IoWrite {
    /// Writes `buf`; returns how many bytes were written.
    fn write(&mut self, buf: &[u8]) -> usize;

    /// Writes everything that waits in `buf`; returns how many bytes were
    /// written.
    fn write_ring_buffer(&mut self, buf: &RingBuffer<'_, u8>) -> usize {
        let (first, second) = buf.as_slices();
        [first, second]
            .into_iter()
            .flatten()
            .map(|piece| self.write(piece))
            .sum()
    }
}
