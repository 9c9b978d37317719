//! What Anchorhold's boards on the real Tock have beyond `anchorhold_board`: what the
//! real kernel leaves to its board, and what real boards have instead of an emulator's
//! host.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

pub mod debug_port;
pub mod duties;
pub mod sources;
pub mod storage;
