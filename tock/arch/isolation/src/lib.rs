//! Process isolation, as far as it is the same on every memory protection unit.
//!
//! An architecture says how its regions cover memory ([`Cover`]) and how they
//! get into its registers ([`Unit`]). What a process may be given at all
//! ([`UserMemory`]), that its regions stay apart, and where its memory ends
//! ([`ProcessRegions`]) is decided here, by plain arithmetic that is tested on
//! any host.

#![no_std]
#![forbid(unsafe_op_in_unsafe_fn)]

mod access;
mod cover;
mod process;
mod protection;
mod rule;
mod span;
#[cfg(feature = "testing")]
pub mod testing;
mod user_memory;

pub use access::Access;
pub use cover::Cover;
pub use process::{Need, ProcessRegions};
pub use protection::{Protection, Unit};
pub use rule::{KernelRule, PlanError};
pub use span::Span;
pub use user_memory::UserMemory;
