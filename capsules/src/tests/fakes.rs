//! Hardware in memory: a provisioned page, and storage that can be cut off.

use crate::device_state::{DeviceState, DeviceStateClient};
use crate::hil::ProvisionedPage;
use crate::keys::Keys;
use anchorhold_crypto::es256::SigningKey;
use anchorhold_crypto::Secret;
use anchorhold_provisioning::{encode, KeyTier, PAGE_BYTES};
use anchorhold_state::{Layout, RECORD_BYTES};
use kernel::hil::nonvolatile_storage::{NonvolatileStorage, NonvolatileStorageClient};
use kernel::ErrorCode;
use std::cell::{Cell, RefCell};

/// HUK of the device that most tests are about.
pub const HUK: [u8; 32] = [0x5a; 32];

/// Every byte of the trusted publisher's private scalar.
pub const PUBLISHER: u8 = 0x11;

fn signer(scalar: u8) -> SigningKey {
    SigningKey::from_scalar(&Secret::new([scalar; 32])).unwrap()
}

struct FakePage(Secret<PAGE_BYTES>);

impl ProvisionedPage for FakePage {
    fn read(&self, page: &mut [u8; PAGE_BYTES]) -> Result<(), ErrorCode> {
        page.copy_from_slice(self.0.expose());
        Ok(())
    }
}

/// Keys of a device with this HUK.
pub fn keys(huk: [u8; 32]) -> &'static Keys<'static> {
    let page = encode(
        KeyTier::Development,
        &Secret::new(huk),
        &signer(0x22).public_key(),
        &signer(PUBLISHER).public_key(),
    );
    Box::leak(Box::new(Keys::new(Box::leak(Box::new(FakePage(page))))))
}

enum Operation {
    Read(&'static mut [u8], usize, usize),
    Write(&'static mut [u8], usize, usize),
}

/// 16 KiB of storage whose operations are over when [`FakeStorage::finish`] says so.
pub struct FakeStorage {
    region: RefCell<Vec<u8>>,
    operation: RefCell<Option<Operation>>,
    client: Cell<Option<&'static dyn NonvolatileStorageClient>>,
    pub writes: Cell<usize>,
}

impl FakeStorage {
    /// Storage with this content; `None` = erased.
    pub fn new(content: Option<Vec<u8>>) -> &'static FakeStorage {
        Box::leak(Box::new(FakeStorage {
            region: RefCell::new(content.unwrap_or_else(|| vec![0xff; 16 * 1024])),
            operation: RefCell::new(None),
            client: Cell::new(None),
            writes: Cell::new(0),
        }))
    }

    /// What would be found after a reset.
    pub fn content(&self) -> Vec<u8> {
        self.region.borrow().clone()
    }

    /// Ends the operation under way; `false` when there is none.
    pub fn finish(&self) -> bool {
        let operation = self.operation.borrow_mut().take();
        let client = self.client.get().unwrap();
        match operation {
            Some(Operation::Read(buffer, address, length)) => {
                buffer[..length].copy_from_slice(&self.region.borrow()[address..address + length]);
                client.read_done(buffer, length);
            }
            Some(Operation::Write(buffer, address, length)) => {
                self.region.borrow_mut()[address..address + length]
                    .copy_from_slice(&buffer[..length]);
                self.writes.set(self.writes.get() + 1);
                client.write_done(buffer, length);
            }
            None => return false,
        }
        true
    }

    /// Ends the operation under way without having done it.
    pub fn fail(&self) {
        let operation = self.operation.borrow_mut().take();
        let client = self.client.get().unwrap();
        match operation {
            Some(Operation::Read(buffer, ..)) => client.read_done(buffer, 0),
            Some(Operation::Write(buffer, ..)) => client.write_done(buffer, 0),
            None => {}
        }
    }

    /// Ends operations until there are none.
    pub fn finish_all(&self) {
        while self.finish() {}
    }
}

impl NonvolatileStorage<'static> for FakeStorage {
    fn set_client(&self, client: &'static dyn NonvolatileStorageClient) {
        self.client.set(Some(client));
    }

    fn read(
        &self,
        buffer: &'static mut [u8],
        address: usize,
        length: usize,
    ) -> Result<(), ErrorCode> {
        *self.operation.borrow_mut() = Some(Operation::Read(buffer, address, length));
        Ok(())
    }

    fn write(
        &self,
        buffer: &'static mut [u8],
        address: usize,
        length: usize,
    ) -> Result<(), ErrorCode> {
        *self.operation.borrow_mut() = Some(Operation::Write(buffer, address, length));
        Ok(())
    }
}

/// Remembers what the state said.
#[derive(Default)]
pub struct Listener {
    pub loaded: Cell<Option<Result<(), ErrorCode>>>,
    pub saved: Cell<Option<Result<(), ErrorCode>>>,
}

impl DeviceStateClient for Listener {
    fn state_loaded(&self, result: Result<(), ErrorCode>) {
        self.loaded.set(Some(result));
    }

    fn state_saved(&self, result: Result<(), ErrorCode>) {
        self.saved.set(Some(result));
    }
}

/// A device that was switched on and has begun to load its state.
pub fn switch_on(
    storage: &'static FakeStorage,
    keys: &'static Keys<'static>,
) -> (&'static DeviceState<'static>, &'static Listener) {
    let buffer = Box::leak(Box::new([0; RECORD_BYTES]));
    let state = DeviceState::new(storage, Layout::PAGES_OF_2_KIB, keys, buffer);
    let state: &'static DeviceState = Box::leak(Box::new(state));
    let listener: &'static Listener = Box::leak(Box::default());
    storage.set_client(state);
    state.set_client(listener);
    state.start().unwrap();
    (state, listener)
}
