//! What Anchorhold's boards share: everything but the chip, on this project's kernel and
//! on upstream's.
//!
//! A board's `main.rs` brings its chip up and hands it to [`run`], with the
//! static memory ([`Places`]) and the authority that only unsafe code can give; where
//! somebody else's library made the board's drivers, to [`run_on`]. What silicon has and
//! an emulator does not (one-time-programmable memory, storage, entropy, a sensor) comes
//! from files of the host ([`host`]). Who may call what is in [`rights`].

#![no_std]
#![forbid(unsafe_code)]

mod adapters;
mod anchorhold;
mod devices;
mod duties;
mod essentials;
pub mod host;
mod panic;
mod place;
mod platform;
mod processes;
pub mod rights;
mod serial;
mod system;
mod time;

pub use devices::Devices;
pub use duties::Duties;
pub use panic::report_panic;
pub use serial::BAUD;
pub use system::{run, run_on, Authority, Hardware, Places, Site, SitePlaces};
pub use time::{BoardAlarm, BoardAlarms};
