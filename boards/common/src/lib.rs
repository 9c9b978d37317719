//! What Anchorhold's emulated boards share: everything but the chip.
//!
//! A board's `main.rs` brings its chip up and hands it to [`run`], with the
//! static memory ([`Places`]) and the authority that only unsafe code can give.
//! What silicon has and an emulator does not (one-time-programmable memory,
//! storage, entropy, a sensor) comes from files of the host. Who may call what
//! is in [`rights`].

#![no_std]
#![forbid(unsafe_code)]

mod adapters;
mod anchorhold;
mod devices;
mod panic;
mod place;
mod platform;
mod processes;
pub mod rights;
mod serial;
mod system;
mod time;

pub use panic::report_panic;
pub use serial::BAUD;
pub use system::{run, Authority, Hardware, Places};
pub use time::{BoardAlarm, BoardAlarms};
