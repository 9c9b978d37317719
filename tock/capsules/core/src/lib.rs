//! Tock's core capsules: console, alarm and low-level debug, and the
//! virtualizers that let several capsules share one alarm or one UART.

#![no_std]
#![forbid(unsafe_code)]

pub mod alarm;
pub mod console;
pub mod driver;
pub mod low_level_debug;
pub mod virtualizers;
