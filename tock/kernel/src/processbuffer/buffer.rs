//! Shared buffers: who owns them and whether they may be accessed.

use core::marker::PhantomData;
use core::ops::Deref;
use core::ptr;

use super::slice::{ReadableProcessSlice, WriteableProcessSlice};
use crate::process::{Error, ProcessId};

/// A buffer that the kernel may read.
///
/// # Safety
///
/// `ptr` and `len` must describe memory that was checked to belong to the
/// process, which lasts as long as the process does.
pub unsafe trait ReadableProcessBuffer {
    /// Length in bytes; 0 if the process is gone.
    fn len(&self) -> usize;

    /// Whether there is nothing to read.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Address of the first byte; null if there is none.
    fn ptr(&self) -> *const u8;

    /// Lends the content to `fun`, unless the process is gone.
    fn enter<F, R>(&self, fun: F) -> Result<R, Error>
    where
        F: FnOnce(&ReadableProcessSlice) -> R;
}

/// A buffer that the kernel may read and write.
///
/// # Safety
///
/// As for [`ReadableProcessBuffer`]; and the process itself may write the
/// memory.
pub unsafe trait WriteableProcessBuffer: ReadableProcessBuffer {
    /// Lends the content to `fun`, unless the process is gone.
    fn mut_enter<F, R>(&self, fun: F) -> Result<R, Error>
    where
        F: FnOnce(&WriteableProcessSlice) -> R;
}

/// What both kinds of buffer hold.
struct Shared {
    start: *const u8,
    len: usize,
    /// `None` for the empty buffer that nobody shared.
    owner: Option<ProcessId>,
}

impl Shared {
    const NOTHING: Self = Self {
        start: ptr::null(),
        len: 0,
        owner: None,
    };

    /// Whether the process that shared it is alive.
    fn is_live(&self) -> bool {
        self.owner.is_some_and(|owner| {
            owner
                .kernel
                .process_map_or(false, owner, |process| process.is_running())
        })
    }

    fn len(&self) -> usize {
        if self.is_live() {
            self.len
        } else {
            0
        }
    }

    fn start(&self) -> *const u8 {
        if self.len == 0 {
            ptr::null()
        } else {
            self.start
        }
    }

    /// A pointer fit for a slice of `len` bytes, if the owner lives.
    fn live_start(&self) -> Result<*const u8, Error> {
        if !self.is_live() {
            return Err(Error::NoSuchApp);
        }
        Ok(if self.len == 0 {
            // Empty buffers may have any address, null included.
            ptr::NonNull::dangling().as_ptr()
        } else {
            self.start
        })
    }
}

/// A buffer that a process lets the kernel read.
pub struct ReadOnlyProcessBuffer(Shared);

impl ReadOnlyProcessBuffer {
    /// A buffer of `process_id`.
    ///
    /// # Safety
    ///
    /// Unless `len` is 0, the `len` bytes from `ptr` must be readable memory
    /// of that process for as long as it lives.
    pub(crate) unsafe fn new(ptr: *const u8, len: usize, process_id: ProcessId) -> Self {
        Self(Shared {
            start: ptr,
            len,
            owner: Some(process_id),
        })
    }

    pub(crate) fn consume(self) -> (*const u8, usize) {
        (self.0.start, self.0.len)
    }
}

impl Default for ReadOnlyProcessBuffer {
    fn default() -> Self {
        Self(Shared::NOTHING)
    }
}

// SAFETY: `new`'s contract.
unsafe impl ReadableProcessBuffer for ReadOnlyProcessBuffer {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn ptr(&self) -> *const u8 {
        self.0.start()
    }

    fn enter<F, R>(&self, fun: F) -> Result<R, Error>
    where
        F: FnOnce(&ReadableProcessSlice) -> R,
    {
        let start = self.0.live_start()?;
        // SAFETY: the owner lives, so by `new`'s contract the bytes are its
        // readable memory, and the kernel makes no other references to it.
        Ok(fun(unsafe {
            ReadableProcessSlice::from_raw(start, self.0.len)
        }))
    }
}

/// A buffer that a process lets the kernel read and write.
pub struct ReadWriteProcessBuffer(Shared);

impl ReadWriteProcessBuffer {
    /// A buffer of `process_id`.
    ///
    /// # Safety
    ///
    /// Unless `len` is 0, the `len` bytes from `ptr` must be writeable memory
    /// of that process for as long as it lives.
    pub(crate) unsafe fn new(ptr: *mut u8, len: usize, process_id: ProcessId) -> Self {
        Self(Shared {
            start: ptr,
            len,
            owner: Some(process_id),
        })
    }

    pub(crate) fn consume(self) -> (*mut u8, usize) {
        (self.0.start.cast_mut(), self.0.len)
    }
}

impl Default for ReadWriteProcessBuffer {
    fn default() -> Self {
        Self(Shared::NOTHING)
    }
}

// SAFETY: `new`'s contract.
unsafe impl ReadableProcessBuffer for ReadWriteProcessBuffer {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn ptr(&self) -> *const u8 {
        self.0.start()
    }

    fn enter<F, R>(&self, fun: F) -> Result<R, Error>
    where
        F: FnOnce(&ReadableProcessSlice) -> R,
    {
        let start = self.0.live_start()?;
        // SAFETY: as in `mut_enter`.
        Ok(fun(unsafe {
            ReadableProcessSlice::from_raw(start, self.0.len)
        }))
    }
}

// SAFETY: `new`'s contract.
unsafe impl WriteableProcessBuffer for ReadWriteProcessBuffer {
    fn mut_enter<F, R>(&self, fun: F) -> Result<R, Error>
    where
        F: FnOnce(&WriteableProcessSlice) -> R,
    {
        let start = self.0.live_start()?;
        // SAFETY: the owner lives, so by `new`'s contract the bytes are its
        // writeable memory, and the kernel makes no references to it but
        // slices of cells.
        Ok(fun(unsafe {
            WriteableProcessSlice::from_raw(start.cast_mut(), self.0.len)
        }))
    }
}

/// A read-only buffer, for as long as the grant that holds it is in use.
pub struct ReadOnlyProcessBufferRef<'a> {
    buffer: ReadOnlyProcessBuffer,
    grant: PhantomData<&'a ()>,
}

impl ReadOnlyProcessBufferRef<'_> {
    pub(crate) fn new(buffer: ReadOnlyProcessBuffer) -> Self {
        Self {
            buffer,
            grant: PhantomData,
        }
    }
}

impl Deref for ReadOnlyProcessBufferRef<'_> {
    type Target = ReadOnlyProcessBuffer;

    fn deref(&self) -> &ReadOnlyProcessBuffer {
        &self.buffer
    }
}

/// A read-write buffer, for as long as the grant that holds it is in use.
pub struct ReadWriteProcessBufferRef<'a> {
    buffer: ReadWriteProcessBuffer,
    grant: PhantomData<&'a ()>,
}

impl ReadWriteProcessBufferRef<'_> {
    pub(crate) fn new(buffer: ReadWriteProcessBuffer) -> Self {
        Self {
            buffer,
            grant: PhantomData,
        }
    }
}

impl Deref for ReadWriteProcessBufferRef<'_> {
    type Target = ReadWriteProcessBuffer;

    fn deref(&self) -> &ReadWriteProcessBuffer {
        &self.buffer
    }
}
