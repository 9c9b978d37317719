//! Drivers for lowRISC peripherals, from their register documentation.

#![no_std]

pub mod plic;
pub mod timer;
pub mod uart;
