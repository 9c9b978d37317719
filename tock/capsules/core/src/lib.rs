//! Tock's core capsules: console, alarm and low-level debug, and the
//! virtualizers that let several capsules share one alarm or one UART.

#![no_std]
// Tests set up the kernel's deferred calls, which is a board's privilege.
#![cfg_attr(not(test), forbid(unsafe_code))]

pub mod alarm;
pub mod console;
pub mod driver;
pub mod low_level_debug;
pub mod rng;
#[cfg(test)]
mod testing;
pub mod virtualizers;
