//! What a device must remember without power: boots, answer numbers, accepted
//! models and their budgets, in a region of flash that may lose power at any byte.
//!
//! **Invariant.** Once a record is complete, the region always holds a complete
//! record at least as new, until a newer one is complete. A record is only ever
//! written to the slot whose content is oldest, never to the slot that holds the
//! newest complete record; so a cut at any byte leaves either the old state or the
//! new one, and never a mixture.
//!
//! **Counters.** A slot that holds neither an erased nor a valid record is a write
//! that was cut short, or a record that was damaged after it was completed, and
//! the two cannot be told apart. Each such slot therefore counts as a state that
//! may have been used: recovery skips one boot and one block of answer numbers,
//! and charges the budget for it. Counters never repeat; a cut costs numbers.
//!
//! A record is authenticated with a key of this device. It is not protected from
//! someone who can write flash and puts back a whole older region: that takes a
//! counter in hardware.
#![no_std]
#![forbid(unsafe_code)]

pub mod model;
pub mod record;
pub mod ring;
pub mod state;

pub use model::{ModelRecord, WrappedKey};
pub use record::RECORD_BYTES;
pub use ring::{Layout, Scan, StateLost, Store};
pub use state::{Full, State, MAX_MODELS, SEQUENCE_BLOCK};
