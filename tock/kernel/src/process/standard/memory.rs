//! [`ProcessMemory`]: the bounds inside a process's block of RAM.

use core::cell::Cell;
use core::ops::Range;
use core::ptr;

use crate::process::state::Error;

/// A process's block of RAM, and who may use which part of it:
/// `start <= app break <= kernel break <= kernel start <= end`, always.
pub(super) struct ProcessMemory {
    start: *mut u8,
    len: usize,
    /// Start of what the kernel keeps for as long as the process exists.
    kernel_start: usize,
    /// End of what the process can reach.
    app_break: Cell<usize>,
    /// Start of what the kernel uses: the lowest grant.
    kernel_break: Cell<usize>,
    /// End of the highest buffer ever shared with the kernel. The process
    /// cannot give memory below it up, so that buffers stay its own.
    shared_end: Cell<usize>,
}

impl ProcessMemory {
    /// The `len` bytes from `start`, of which the kernel keeps those from
    /// `kernel_start` on. Nothing is within reach of the process yet.
    ///
    /// # Safety
    ///
    /// The block must belong to the process alone, for ever; and nothing may
    /// refer to its bytes below `kernel_start` but through this.
    pub(super) unsafe fn new(start: *mut u8, len: usize, kernel_start: usize) -> Self {
        Self {
            start,
            len,
            kernel_start,
            app_break: Cell::new(start.addr()),
            kernel_break: Cell::new(kernel_start),
            shared_end: Cell::new(start.addr()),
        }
    }

    pub(super) fn start(&self) -> *mut u8 {
        self.start
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn end(&self) -> usize {
        self.start.addr() + self.len
    }

    pub(super) fn kernel_start(&self) -> usize {
        self.kernel_start
    }

    /// A pointer to an address in the block.
    pub(super) fn pointer(&self, address: usize) -> *mut u8 {
        self.start.with_addr(address)
    }

    pub(super) fn app_break(&self) -> *mut u8 {
        self.pointer(self.app_break.get())
    }

    pub(super) fn kernel_break(&self) -> *mut u8 {
        self.pointer(self.kernel_break.get())
    }

    /// Zeroes everything below what the kernel keeps, forgets grants and
    /// shared buffers, and leaves nothing within reach of the process.
    ///
    /// # Safety
    ///
    /// Nothing may refer to that memory, but slices of cells.
    pub(super) unsafe fn wipe(&self) {
        // SAFETY: inside the block; nobody refers to it (the caller's
        // promise). The memory is reachable from outside of the program's
        // view (other processes, the hardware), so the write stays.
        unsafe { ptr::write_bytes(self.start, 0, self.kernel_start - self.start.addr()) };
        self.app_break.set(self.start.addr());
        self.kernel_break.set(self.kernel_start);
        self.shared_end.set(self.start.addr());
    }

    /// Whether the process could move its break there.
    pub(super) fn check_app_break(&self, address: usize) -> Result<(), Error> {
        if address < self.shared_end.get() || address > self.end() {
            Err(Error::AddressOutOfBounds)
        } else if address > self.kernel_break.get() {
            Err(Error::OutOfMemory)
        } else {
            Ok(())
        }
    }

    /// Moves the break to a checked address.
    pub(super) fn set_app_break(&self, address: usize) {
        self.app_break.set(address);
    }

    /// Where `size` more bytes for the kernel would start, aligned to `align`
    /// (a power of two). `None` if they do not fit above the break.
    pub(super) fn place_for_kernel(&self, size: usize, align: usize) -> Option<usize> {
        let start = self.kernel_break.get().checked_sub(size)?;
        let start = start & align.wrapping_neg();
        (start >= self.app_break.get()).then_some(start)
    }

    /// Gives the kernel everything from a checked place on.
    pub(super) fn set_kernel_break(&self, address: usize) {
        self.kernel_break.set(address);
    }

    /// Whether the process can reach all `size` (not 0) bytes from `address`.
    pub(super) fn is_reachable(&self, address: usize, size: usize) -> bool {
        within(self.start.addr()..self.app_break.get(), address, size)
    }

    /// Notes that the kernel was given a buffer, which [`Self::is_reachable`].
    pub(super) fn note_shared(&self, address: usize, size: usize) {
        let end = address.saturating_add(size);
        self.shared_end.set(self.shared_end.get().max(end));
    }
}

/// Whether all `size` bytes from `address` are in `bounds`.
pub(super) fn within(bounds: Range<usize>, address: usize, size: usize) -> bool {
    match address.checked_add(size) {
        Some(end) => address >= bounds.start && end <= bounds.end,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(block: &mut [u8; 256]) -> (ProcessMemory, usize) {
        let start = block.as_mut_ptr();
        // SAFETY: the block outlives the memory in each test.
        let memory = unsafe { ProcessMemory::new(start, 256, start.addr() + 192) };
        (memory, start.addr())
    }

    #[test]
    fn break_stays_between_shared_buffers_and_grants() {
        let (memory, start) = memory(&mut [0; 256]);
        assert_eq!(memory.check_app_break(start + 192), Ok(()));
        assert_eq!(memory.check_app_break(start + 193), Err(Error::OutOfMemory));
        assert_eq!(
            memory.check_app_break(start + 257),
            Err(Error::AddressOutOfBounds)
        );
        assert_eq!(
            memory.check_app_break(start - 1),
            Err(Error::AddressOutOfBounds)
        );
        memory.set_app_break(start + 100);
        memory.note_shared(start + 10, 40);
        memory.note_shared(start, 4);
        assert_eq!(
            memory.check_app_break(start + 49),
            Err(Error::AddressOutOfBounds)
        );
        assert_eq!(memory.check_app_break(start + 50), Ok(()));
    }

    #[test]
    fn grants_grow_down_to_the_break() {
        let (memory, start) = memory(&mut [0; 256]);
        memory.set_app_break(start + 100);
        let place = memory.place_for_kernel(33, 16).unwrap();
        assert!(place % 16 == 0 && place + 33 <= start + 192 && place + 49 > start + 192);
        memory.set_kernel_break(place);
        assert_eq!(memory.place_for_kernel(place - start - 99, 1), None);
        assert_eq!(memory.place_for_kernel(usize::MAX, 1), None);
        assert_eq!(
            memory.place_for_kernel(place - start - 100, 1),
            Some(start + 100)
        );
        assert_eq!(memory.check_app_break(place + 1), Err(Error::OutOfMemory));
    }

    #[test]
    fn reach_ends_at_the_break() {
        let (memory, start) = memory(&mut [0; 256]);
        memory.set_app_break(start + 100);
        assert!(memory.is_reachable(start, 100));
        assert!(!memory.is_reachable(start, 101));
        assert!(!memory.is_reachable(start - 1, 1));
        assert!(!memory.is_reachable(start + 100, 1));
        assert!(!memory.is_reachable(start + 50, usize::MAX));
        assert!(!memory.is_reachable(start + 192, 1));
    }

    #[test]
    fn wipe_leaves_zeros_below_the_kernel_part() {
        let mut block = [0xA5; 256];
        let (memory, start) = memory(&mut block);
        memory.set_app_break(start + 100);
        memory.set_kernel_break(start + 150);
        // SAFETY: nothing refers to the block.
        unsafe { memory.wipe() };
        assert!(!memory.is_reachable(start, 1));
        assert_eq!(memory.kernel_break().addr(), start + 192);
        assert!(block[..192].iter().all(|byte| *byte == 0));
        assert!(block[192..].iter().all(|byte| *byte == 0xA5));
    }
}
