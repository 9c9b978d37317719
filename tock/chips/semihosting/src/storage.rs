//! Nonvolatile storage in `storage.bin`.

use crate::file::{File, Mode};
use core::cell::Cell;
use kernel::deferred_call::{DeferredCall, DeferredCallClient};
use kernel::hil::nonvolatile_storage::{NonvolatileStorage, NonvolatileStorageClient};
use kernel::utilities::cells::{OptionalCell, TakeCell};
use kernel::ErrorCode;

#[derive(Clone, Copy)]
enum Finished {
    Read,
    Write,
}

/// A file as nonvolatile storage. A write is with the host when it completes:
/// stopping the emulator at any instruction loses none that completed.
pub struct Storage<'a> {
    file: Option<File>,
    length: usize,
    finished: Cell<Finished>,
    transferred: Cell<usize>,
    buffer: TakeCell<'static, [u8]>,
    soon: DeferredCall,
    client: OptionalCell<&'a dyn NonvolatileStorageClient>,
}

impl Storage<'_> {
    /// Opens `storage.bin`; without it every access returns `NODEVICE`.
    pub fn new() -> Self {
        let file = File::open(c"storage.bin", Mode::Update).ok();
        Storage {
            file,
            length: file.and_then(|file| file.length().ok()).unwrap_or(0),
            finished: Cell::new(Finished::Read),
            transferred: Cell::new(0),
            buffer: TakeCell::empty(),
            soon: DeferredCall::new(),
            client: OptionalCell::empty(),
        }
    }

    /// Bytes of storage; zero if there is none.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Transfers now, reports later: no bytes at all if the host failed, for a caller
    /// that is told at once has lost its buffer.
    fn start(
        &self,
        buffer: &'static mut [u8],
        address: usize,
        length: usize,
        finished: Finished,
        transfer: impl FnOnce(File, &mut [u8]) -> Result<(), ErrorCode>,
    ) -> Result<(), ErrorCode> {
        let file = self.file.ok_or(ErrorCode::NODEVICE)?;
        if self.buffer.is_some() {
            return Err(ErrorCode::BUSY);
        }
        let inside = address
            .checked_add(length)
            .is_some_and(|end| end <= self.length);
        let part = buffer.get_mut(..length).filter(|_| inside);
        let is_done = transfer(file, part.ok_or(ErrorCode::INVAL)?).is_ok();
        self.finished.set(finished);
        self.transferred.set(if is_done { length } else { 0 });
        self.buffer.replace(buffer);
        self.soon.set();
        Ok(())
    }
}

impl Default for Storage<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> NonvolatileStorage<'a> for Storage<'a> {
    fn set_client(&self, client: &'a dyn NonvolatileStorageClient) {
        self.client.set(client);
    }

    fn read(
        &self,
        buffer: &'static mut [u8],
        address: usize,
        length: usize,
    ) -> Result<(), ErrorCode> {
        self.start(
            buffer,
            address,
            length,
            Finished::Read,
            |file, part| match file.read_at(address, part)? {
                read if read == part.len() => Ok(()),
                _ => Err(ErrorCode::FAIL),
            },
        )
    }

    fn write(
        &self,
        buffer: &'static mut [u8],
        address: usize,
        length: usize,
    ) -> Result<(), ErrorCode> {
        self.start(buffer, address, length, Finished::Write, |file, part| {
            file.write_at(address, part)
        })
    }
}

impl DeferredCallClient for Storage<'_> {
    fn handle_deferred_call(&self) {
        let (Some(client), Some(buffer)) = (self.client.get(), self.buffer.take()) else {
            return;
        };
        match self.finished.get() {
            Finished::Read => client.read_done(buffer, self.transferred.get()),
            Finished::Write => client.write_done(buffer, self.transferred.get()),
        }
    }

    fn register(&'static self) {
        self.soon.register(self);
    }
}
