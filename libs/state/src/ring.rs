//! The ring of slots: finding the newest record, and where the next one goes.

use crate::record::{self, Slot, RECORD_BYTES};
use crate::state::State;
use anchorhold_crypto::Secret;

/// How a region is divided. A slot is what the flash erases at once, so that
/// writing one cannot harm another; a record fills its first [`RECORD_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    slots: usize,
    slot_bytes: usize,
}

impl Layout {
    /// Eight slots of a 2 KiB flash page: 16 KiB.
    pub const PAGES_OF_2_KIB: Layout = Layout {
        slots: 8,
        slot_bytes: 2048,
    };

    /// A ring of `slots` slots of `slot_bytes` bytes each. `None` for fewer than two
    /// slots, or for slots that a record does not fit in.
    pub const fn new(slots: usize, slot_bytes: usize) -> Option<Layout> {
        if slots < 2 || slot_bytes < RECORD_BYTES {
            return None;
        }
        Some(Layout { slots, slot_bytes })
    }

    /// Number of slots.
    pub const fn slots(&self) -> usize {
        self.slots
    }

    /// Offset of a slot from the start of the region, in bytes.
    pub const fn address(&self, slot: usize) -> usize {
        slot * self.slot_bytes
    }

    /// The slot that a generation is written to.
    fn slot_of(&self, generation: u64) -> usize {
        (generation % self.slots as u64) as usize
    }
}

/// The region holds records, but none of this device that is whole: it was
/// tampered with, or belongs to another device. Starting over would repeat
/// counters, so the device must not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateLost;

/// Looks at every slot in turn and keeps the newest record.
pub struct Scan {
    layout: Layout,
    /// Generation and content of the newest record so far; 0 is before the first.
    generation: u64,
    state: State,
    damaged: u32,
    damaged_beyond_first: bool,
}

impl Scan {
    /// A scan of a region with this layout.
    pub fn new(layout: Layout) -> Scan {
        Scan {
            layout,
            generation: 0,
            state: State::default(),
            damaged: 0,
            damaged_beyond_first: false,
        }
    }

    /// Takes what was read from a slot.
    pub fn slot(&mut self, key: &Secret<32>, slot: usize, content: &[u8; RECORD_BYTES]) {
        match record::decode(key, content) {
            Slot::Erased => {}
            Slot::Damaged => self.damaged(slot),
            Slot::Valid(record) => {
                let generation = record.generation();
                match record.state() {
                    // A record in a slot where its generation does not belong was moved there.
                    Some(state) if self.layout.slot_of(generation) == slot => {
                        if generation > self.generation {
                            self.generation = generation;
                            self.state = state;
                        }
                    }
                    _ => self.damaged(slot),
                }
            }
        }
    }

    /// The state to go on from, once every slot was looked at.
    ///
    /// # Errors
    /// [`StateLost`], unless there is a whole record, or the region is new: erased,
    /// but for the slot of a very first write that was cut short.
    pub fn finish(mut self) -> Result<Store, StateLost> {
        if self.generation == 0 && self.damaged_beyond_first {
            return Err(StateLost);
        }
        self.state.skip(self.damaged);
        Ok(Store {
            layout: self.layout,
            generation: self.generation,
            state: self.state,
        })
    }

    fn damaged(&mut self, slot: usize) {
        self.damaged = self.damaged.saturating_add(1);
        if slot != self.layout.slot_of(FIRST_GENERATION) {
            self.damaged_beyond_first = true;
        }
    }
}

/// Generation of the first record that is ever written.
const FIRST_GENERATION: u64 = 1;

/// The state, and the place of its newest complete record.
pub struct Store {
    layout: Layout,
    generation: u64,
    state: State,
}

impl Store {
    /// The state as it is in memory, which may be ahead of what is stored.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The state, to be changed. The change is not stored until a record is written.
    pub fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    /// Fills `record` with the state and returns where in the region to write it.
    ///
    /// Until [`Store::written`] says that the write is complete, another call
    /// chooses the same place: the newest complete record is never written over.
    pub fn next_record(&self, key: &Secret<32>, record: &mut [u8; RECORD_BYTES]) -> usize {
        let generation = self.next_generation();
        record::encode(key, generation, &self.state, record);
        self.layout.address(self.layout.slot_of(generation))
    }

    /// Notes that the record from [`Store::next_record`] was written completely.
    pub fn written(&mut self) {
        self.generation = self.next_generation();
    }

    fn next_generation(&self) -> u64 {
        self.generation.saturating_add(1)
    }
}
