//! Devices that an emulator lends its guest: files of the host, through
//! semihosting, behind Tock's hardware interfaces.
//!
//! Every file is looked up by name in the emulator's working directory. The
//! kernel alone can reach this: an emulator must refuse semihosting calls from
//! user mode (QEMU's default, `userspace=off`). A call halts the processor
//! until the host is done; completion is still reported by a deferred call, as
//! a driver of real hardware would.

#![no_std]

mod accelerometer;
mod call;
mod entropy;
mod exit;
mod file;
mod otp;
mod recording;
mod replay;
mod storage;

pub use accelerometer::Accelerometer;
pub use entropy::Entropy;
pub use exit::exit;
pub use file::{File, Mode};
pub use otp::{Otp, OTP_LENGTH};
pub use recording::Recording;
pub use storage::Storage;
