//! Persistent state in nonvolatile storage: loaded at start, saved ahead of use.
//!
//! Loading reads every slot, counts the boot, and writes that back; only then is
//! the state available, so that nothing is signed with a boot count that a cut of
//! power could repeat. Answer numbers are handed out from a block that was written
//! before.

use crate::keys::Keys;
use crate::shield;
use anchorhold_crypto::kdf::Purpose;
use anchorhold_evidence::Counter;
use anchorhold_policy::BudgetSnapshot;
use anchorhold_state::{Layout, ModelRecord, Scan, State, Store, RECORD_BYTES, SEQUENCE_BLOCK};
use core::cell::Cell;
use kernel::hil::nonvolatile_storage::{NonvolatileStorage, NonvolatileStorageClient};
use kernel::utilities::cells::{MapCell, OptionalCell, TakeCell};
use kernel::ErrorCode;

/// Hears when the state is ready, and when a save is over.
pub trait DeviceStateClient {
    /// The state is loaded and this boot is counted. On an error it never will be:
    /// `INVAL` when the storage holds no usable state of this device, else the
    /// error of the storage or of the keys.
    fn state_loaded(&self, result: Result<(), ErrorCode>);

    /// A save that [`DeviceState::save`] or [`DeviceState::reserve`] began is over.
    fn state_saved(&self, result: Result<(), ErrorCode>);
}

enum Content {
    Scanning(Scan),
    Loaded(Store),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Activity {
    Idle,
    Reading { slot: usize },
    CountingBoot,
    Saving,
}

/// The state of the device.
pub struct DeviceState<'a> {
    storage: &'a dyn NonvolatileStorage<'a>,
    layout: Layout,
    keys: &'a Keys<'a>,
    buffer: TakeCell<'static, [u8]>,
    content: MapCell<Content>,
    activity: Cell<Activity>,
    ready: Cell<bool>,
    next_sequence: Cell<u64>,
    /// Numbers below this one are reserved in storage, not only in memory.
    reserved: Cell<u64>,
    client: OptionalCell<&'a dyn DeviceStateClient>,
}

impl<'a> DeviceState<'a> {
    /// State in a storage region divided by `layout`. The capsule is the storage's
    /// client.
    pub fn new(
        storage: &'a dyn NonvolatileStorage<'a>,
        layout: Layout,
        keys: &'a Keys<'a>,
        buffer: &'static mut [u8; RECORD_BYTES],
    ) -> DeviceState<'a> {
        DeviceState {
            storage,
            layout,
            keys,
            buffer: TakeCell::new(buffer),
            content: MapCell::empty(),
            activity: Cell::new(Activity::Idle),
            ready: Cell::new(false),
            next_sequence: Cell::new(0),
            reserved: Cell::new(0),
            client: OptionalCell::empty(),
        }
    }

    /// Sets who hears about loading and saving.
    pub fn set_client(&self, client: &'a dyn DeviceStateClient) {
        self.client.set(client);
    }

    /// Begins to load. The client hears the result.
    ///
    /// # Errors
    /// `BUSY` when something is under way, else the storage's error.
    pub fn start(&self) -> Result<(), ErrorCode> {
        self.content
            .replace(Content::Scanning(Scan::new(self.layout)));
        self.read_slot(0)
    }

    /// Looks at the state; `None` until it is loaded.
    pub fn with<R>(&self, look: impl FnOnce(&State) -> R) -> Option<R> {
        if !self.ready.get() {
            return None;
        }
        self.content.map(|content| match content {
            Content::Loaded(store) => Some(look(store.state())),
            Content::Scanning(_) => None,
        })?
    }

    /// Remembers an accepted model, in memory until the next save.
    ///
    /// # Errors
    /// `NOMEM` when too many other models are remembered, `OFF` until loaded.
    pub fn remember(&self, record: ModelRecord) -> Result<(), ErrorCode> {
        self.change(|state| state.remember(record).map_err(|_| ErrorCode::NOMEM))?
    }

    /// Begins to save the state as it is. The client hears the result.
    ///
    /// # Errors
    /// `BUSY` while a save is under way, `OFF` until loaded, else the storage's error.
    pub fn save(&self) -> Result<(), ErrorCode> {
        if !self.ready.get() {
            return Err(ErrorCode::OFF);
        }
        self.write(Activity::Saving)
    }

    /// Begins to reserve the next block of answer numbers. `usage` is the budget of
    /// the model with this UUID as if every answer of the block had been given.
    ///
    /// # Errors
    /// As [`DeviceState::save`].
    pub fn reserve(&self, usage: Option<([u8; 16], BudgetSnapshot)>) -> Result<(), ErrorCode> {
        if self.activity.get() != Activity::Idle {
            return Err(ErrorCode::BUSY);
        }
        self.change(|state| {
            state.sequence_reserved = self
                .next_sequence
                .get()
                .saturating_add(u64::from(SEQUENCE_BLOCK));
            if let Some((uuid, snapshot)) = usage {
                if let Some(model) = state.model_mut(&uuid) {
                    model.usage = snapshot;
                }
            }
        })?;
        self.save()
    }

    /// Whether a reserved answer number is left.
    pub fn has_number(&self) -> bool {
        self.next_sequence.get() < self.reserved.get()
    }

    /// The next reserved answer number; `None` when a block must be reserved first.
    pub fn take_number(&self) -> Option<Counter> {
        if !self.has_number() {
            return None;
        }
        let sequence = self.next_sequence.get();
        let boot = self.with(|state| state.boot_count)?;
        self.next_sequence.set(sequence.saturating_add(1));
        Some(Counter { boot, sequence })
    }

    fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> Result<R, ErrorCode> {
        self.content
            .map(|content| match content {
                Content::Loaded(store) => Some(change(store.state_mut())),
                Content::Scanning(_) => None,
            })
            .flatten()
            .ok_or(ErrorCode::OFF)
    }

    fn read_slot(&self, slot: usize) -> Result<(), ErrorCode> {
        let buffer = self.buffer.take().ok_or(ErrorCode::BUSY)?;
        self.activity.set(Activity::Reading { slot });
        self.storage
            .read(buffer, self.layout.address(slot), RECORD_BYTES)
    }

    /// Takes what a slot holds, and goes on to the next one or to counting the boot.
    fn slot_read(&self, slot: usize, record: &[u8; RECORD_BYTES]) -> Result<(), ErrorCode> {
        shield::symmetric(|shield| {
            let key = self.keys.symmetric(shield, Purpose::Storage)?;
            self.content.map(|content| {
                if let Content::Scanning(scan) = content {
                    scan.slot(&key, slot, record);
                }
            });
            Ok(())
        })
    }

    #[inline(never)] // or every read would have this step's states on its stack
    fn count_boot(&self) -> Result<(), ErrorCode> {
        let Some(Content::Scanning(scan)) = self.content.take() else {
            return Err(ErrorCode::FAIL);
        };
        let mut store = scan.finish().map_err(|_| ErrorCode::INVAL)?;
        let state = store.state_mut();
        state.boot_count = state.boot_count.saturating_add(1);
        // Numbers that an earlier boot reserved may have been used.
        self.next_sequence.set(state.sequence_reserved);
        self.content.replace(Content::Loaded(store));
        self.write(Activity::CountingBoot)
    }

    fn write(&self, activity: Activity) -> Result<(), ErrorCode> {
        let buffer = self.buffer.take().ok_or(ErrorCode::BUSY)?;
        match self.fill(buffer) {
            Ok(address) => {
                self.activity.set(activity);
                self.storage.write(buffer, address, RECORD_BYTES)
            }
            Err(error) => {
                self.buffer.replace(buffer);
                Err(error)
            }
        }
    }

    /// Puts the next record into the buffer, and returns where it goes.
    fn fill(&self, buffer: &mut [u8]) -> Result<usize, ErrorCode> {
        let record = buffer.first_chunk_mut().ok_or(ErrorCode::SIZE)?;
        shield::symmetric(|shield| {
            let key = self.keys.symmetric(shield, Purpose::Storage)?;
            self.content
                .map(|content| match content {
                    Content::Loaded(store) => Some(store.next_record(&key, record)),
                    Content::Scanning(_) => None,
                })
                .flatten()
                .ok_or(ErrorCode::OFF)
        })
    }

    fn loaded(&self, result: Result<(), ErrorCode>) {
        self.activity.set(Activity::Idle);
        self.ready.set(result.is_ok());
        self.client.map(|client| client.state_loaded(result));
    }
}

impl NonvolatileStorageClient for DeviceState<'_> {
    fn read_done(&self, buffer: &'static mut [u8], length: usize) {
        let Activity::Reading { slot } = self.activity.get() else {
            self.buffer.replace(buffer);
            return;
        };
        let taken = match buffer.first_chunk() {
            Some(record) if length == RECORD_BYTES => self.slot_read(slot, record),
            _ => Err(ErrorCode::FAIL),
        };
        self.buffer.replace(buffer);
        let next = slot.saturating_add(1);
        let result = taken.and_then(|()| {
            if next < self.layout.slots() {
                self.read_slot(next)
            } else {
                self.count_boot()
            }
        });
        if let Err(error) = result {
            self.loaded(Err(error));
        }
    }

    fn write_done(&self, buffer: &'static mut [u8], length: usize) {
        self.buffer.replace(buffer);
        let result = if length == RECORD_BYTES {
            self.content.map(|content| {
                if let Content::Loaded(store) = content {
                    store.written();
                    // After the boot is counted nothing is reserved yet: these
                    // numbers belong to earlier boots.
                    self.reserved.set(store.state().sequence_reserved);
                }
            });
            Ok(())
        } else {
            Err(ErrorCode::FAIL)
        };
        match self.activity.replace(Activity::Idle) {
            Activity::CountingBoot => self.loaded(result),
            _ => {
                self.client.map(|client| client.state_saved(result));
            }
        }
    }
}
