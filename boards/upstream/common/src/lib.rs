//! What Anchorhold's boards on the real Tock share: the capsules put together, the
//! rights of applications, and what the real kernel leaves to its board.
//!
//! A board's `main.rs` starts its chip, has the [`Essentials`] put together (or upstream's
//! library for the board), describes its [`Hardware`] to [`Anchorhold::assemble`], and
//! ends in [`loading::start`] and the kernel's loop over a [`Platform`].
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

pub mod assembly;
pub mod debug_port;
pub mod essentials;
pub mod loading;
pub mod platform;
pub mod restart;
pub mod rights;
pub mod sources;
pub mod storage;
pub mod wipe;

pub use assembly::{Anchorhold, Hardware, Room};
pub use essentials::Essentials;
pub use platform::Platform;
