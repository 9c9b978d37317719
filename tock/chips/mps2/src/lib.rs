//! The chip of Arm's MPS2+ board with the AN386 image: a Cortex-M4 with eight MPU
//! regions, and peripherals of the Cortex-M System Design Kit (CMSDK).

#![no_std]

pub mod map;
pub mod timer;
pub mod uart;

#[cfg(target_arch = "arm")]
pub mod chip;
#[cfg(target_arch = "arm")]
mod peripherals;
#[cfg(target_arch = "arm")]
mod protection;

#[cfg(target_arch = "arm")]
pub use peripherals::{Peripherals, UART0};
#[cfg(target_arch = "arm")]
pub use protection::lock_down;
