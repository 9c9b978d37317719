//! A buffer, part of which has been handled.

use core::cell::Cell;
use kernel::utilities::cells::TakeCell;

/// A buffer of which the first `done` of `length` bytes have been handled.
pub(crate) struct Progress {
    buffer: TakeCell<'static, [u8]>,
    length: Cell<usize>,
    done: Cell<usize>,
}

impl Progress {
    pub(crate) const fn none() -> Self {
        Progress {
            buffer: TakeCell::empty(),
            length: Cell::new(0),
            done: Cell::new(0),
        }
    }

    pub(crate) fn begin(&self, buffer: &'static mut [u8], length: usize) {
        self.buffer.replace(buffer);
        self.length.set(length);
        self.done.set(0);
    }

    pub(crate) fn is_under_way(&self) -> bool {
        self.buffer.is_some()
    }

    /// Handles bytes with `step` until it has no more or the length is reached.
    pub(crate) fn advance(&self, mut step: impl FnMut(&mut u8) -> bool) {
        self.buffer.map(|buffer| {
            let pending = self.length.get().min(buffer.len());
            for byte in buffer.iter_mut().take(pending).skip(self.done.get()) {
                if !step(byte) {
                    break;
                }
                self.done.set(self.done.get().saturating_add(1));
            }
        });
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.done.get() >= self.length.get()
    }

    /// Gives the buffer back, and how many bytes have been handled.
    pub(crate) fn end(&self) -> Option<(&'static mut [u8], usize)> {
        let buffer = self.buffer.take()?;
        Some((buffer, self.done.get()))
    }
}
