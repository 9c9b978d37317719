//! The memory of one grant: how it is laid out, and exclusive access to it.

use core::alloc::Layout;
use core::cell::Cell;
use core::ptr::{self, NonNull};

use crate::process::{Error, Process};
use crate::utilities::capability_ptr::CapabilityPtr;
use crate::utilities::machine_register::MachineRegister;

/// How many upcalls and buffers a grant holds. This is also what is stored at
/// its start, so that the kernel finds its way without knowing the driver.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Counts {
    pub(super) upcalls: u8,
    pub(super) read_only: u8,
    pub(super) read_write: u8,
}

/// An upcall as the process registered it. Zeroed memory is the Null Upcall.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub(super) struct SavedUpcall {
    pub(super) function: CapabilityPtr,
    pub(super) appdata: MachineRegister,
}

/// A buffer as the process shared it: its address and length.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct SavedBuffer {
    pub(super) start: *const u8,
    pub(super) len: usize,
}

impl Default for SavedBuffer {
    fn default() -> Self {
        Self {
            start: ptr::null(),
            len: 0,
        }
    }
}

/// Bytes of an upcall or a buffer.
const SAVED: usize = size_of::<SavedUpcall>();
const _: () = assert!(
    size_of::<SavedBuffer>() == SAVED && align_of::<SavedBuffer>() == align_of::<SavedUpcall>()
);

/// Where they start: behind the counts.
const FIRST: usize = align_of::<SavedUpcall>();
const _: () = assert!(size_of::<Counts>() <= FIRST);

/// Where the parts of a grant are, in bytes from its start: counts, upcalls, read-only
/// buffers, read-write buffers, the driver's data.
impl Counts {
    fn read_only_offset(self) -> usize {
        FIRST + SAVED * usize::from(self.upcalls)
    }

    fn read_write_offset(self) -> usize {
        self.read_only_offset() + SAVED * usize::from(self.read_only)
    }

    fn data_offset(self, data: Layout) -> usize {
        let end = self.read_write_offset() + SAVED * usize::from(self.read_write);
        // An alignment is a power of two, and far smaller than memory.
        (end + data.align() - 1) & !(data.align() - 1)
    }

    /// The whole grant. `None` if it is larger than memory can be.
    fn whole(self, data: Layout) -> Option<Layout> {
        let size = self.data_offset(data).checked_add(data.size())?;
        let align = data.align().max(align_of::<SavedUpcall>());
        let whole = Layout::from_size_align(size, align).ok()?;
        Some(whole.pad_to_align())
    }
}

/// Exclusive access to a grant of a process, until it is dropped.
pub(super) struct EnteredGrant<'a> {
    process: &'a dyn Process,
    grant_num: usize,
    start: NonNull<u8>,
    counts: Counts,
    data_offset: usize,
}

impl<'a> EnteredGrant<'a> {
    /// Enters a grant that was initialized.
    ///
    /// # Safety
    ///
    /// `data` must be the layout with which the grant was initialized; or the
    /// caller must not touch the data.
    pub(super) unsafe fn enter(
        process: &'a dyn Process,
        grant_num: usize,
        data: Layout,
    ) -> Result<Self, Error> {
        let start = process.enter_grant(grant_num)?;
        // SAFETY: an initialized grant starts with its counts, and we alone
        // have entered it.
        let counts = unsafe { start.cast::<Counts>().read() };
        Ok(Self::at(process, grant_num, start, counts, data))
    }

    /// Allocates a grant, with the Null Upcall and no buffers in it, and
    /// `value` as the driver's data.
    pub(super) fn create<T>(
        process: &'a dyn Process,
        grant_num: usize,
        driver_num: usize,
        counts: Counts,
        value: T,
    ) -> Result<Self, Error> {
        let data = Layout::new::<T>();
        let whole = counts.whole(data).ok_or(Error::OutOfMemory)?;
        process
            .allocate_grant(grant_num, driver_num, whole.size(), whole.align())
            .map_err(|()| Error::OutOfMemory)?;
        let start = process.enter_grant(grant_num)?;
        // SAFETY: the process gave us `whole.size()` bytes, aligned, which
        // nobody else refers to; zeros are a valid value of every part but
        // the data, which is written next.
        unsafe {
            ptr::write_bytes(start.as_ptr(), 0, whole.size());
            start.cast::<Counts>().write(counts);
        }
        let entered = Self::at(process, grant_num, start, counts, data);
        // SAFETY: `data_offset` is where a `T` fits, inside the grant.
        unsafe { entered.data::<T>().write(value) };
        Ok(entered)
    }

    fn at(
        process: &'a dyn Process,
        grant_num: usize,
        start: NonNull<u8>,
        counts: Counts,
        data: Layout,
    ) -> Self {
        Self {
            process,
            grant_num,
            start,
            counts,
            data_offset: counts.data_offset(data),
        }
    }

    pub(super) fn process(&self) -> &'a dyn Process {
        self.process
    }

    /// The driver's data.
    pub(super) fn data<T>(&self) -> NonNull<T> {
        // SAFETY: the offset is inside the grant.
        unsafe { self.start.add(self.data_offset) }.cast()
    }

    pub(super) fn upcall(&self, number: usize) -> Option<&Cell<SavedUpcall>> {
        // SAFETY: offset and count are those of the upcalls.
        unsafe { self.saved(FIRST, self.counts.upcalls, number) }
    }

    pub(super) fn read_only(&self, number: usize) -> Option<&Cell<SavedBuffer>> {
        // SAFETY: offset and count are those of the read-only buffers.
        unsafe {
            self.saved(
                self.counts.read_only_offset(),
                self.counts.read_only,
                number,
            )
        }
    }

    pub(super) fn read_write(&self, number: usize) -> Option<&Cell<SavedBuffer>> {
        // SAFETY: offset and count are those of the read-write buffers.
        unsafe {
            self.saved(
                self.counts.read_write_offset(),
                self.counts.read_write,
                number,
            )
        }
    }

    /// Element `number` of the array of `count` elements at `offset`.
    ///
    /// # Safety
    ///
    /// Such an array of `S` must be there.
    unsafe fn saved<S>(&self, offset: usize, count: u8, number: usize) -> Option<&Cell<S>> {
        if number >= usize::from(count) {
            return None;
        }
        // SAFETY: inside the array (the caller's promise and the check above);
        // initialized by `create`; only reached through cells of the one
        // `EnteredGrant` that exists at a time.
        Some(unsafe {
            self.start
                .add(offset)
                .cast::<Cell<S>>()
                .add(number)
                .as_ref()
        })
    }
}

impl Drop for EnteredGrant<'_> {
    fn drop(&mut self) {
        // SAFETY: we entered it, and nothing that we lent outlives us.
        unsafe { self.process.leave_grant(self.grant_num) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Offsets of the read-only buffers, the read-write buffers and the data, and the
    /// whole, as the language lays such a structure out.
    fn expected(counts: Counts, data: Layout) -> (usize, usize, usize, Layout) {
        let array = |count: u8| Layout::array::<SavedUpcall>(count.into()).unwrap();
        let whole = Layout::new::<Counts>();
        let (whole, _) = whole.extend(array(counts.upcalls)).unwrap();
        let (whole, read_only) = whole.extend(array(counts.read_only)).unwrap();
        let (whole, read_write) = whole.extend(array(counts.read_write)).unwrap();
        let (whole, data) = whole.extend(data).unwrap();
        (read_only, read_write, data, whole.pad_to_align())
    }

    #[test]
    fn parts_are_aligned_and_apart() {
        let some = [0, 1, 2, 3, 255];
        for (size, align) in [(0, 1), (1, 1), (6, 2), (12, 4), (24, 8), (64, 64)] {
            let data = Layout::from_size_align(size, align).unwrap();
            for (upcalls, read_only, read_write) in some
                .into_iter()
                .flat_map(|a| some.map(|b| (a, b)))
                .flat_map(|(a, b)| some.map(|c| (a, b, c)))
            {
                let counts = Counts {
                    upcalls,
                    read_only,
                    read_write,
                };
                let laid_out = (
                    counts.read_only_offset(),
                    counts.read_write_offset(),
                    counts.data_offset(data),
                    counts.whole(data).unwrap(),
                );
                assert_eq!(laid_out, expected(counts, data));
            }
        }
    }

    #[test]
    fn what_is_larger_than_memory_has_no_layout() {
        let counts = Counts {
            upcalls: 1,
            read_only: 0,
            read_write: 0,
        };
        let data = Layout::from_size_align(isize::MAX as usize, 1).unwrap();
        assert_eq!(counts.whole(data), None);
    }
}
