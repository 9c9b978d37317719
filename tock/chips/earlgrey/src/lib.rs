//! The OpenTitan Earl Grey chip: Ibex with sixteen PMP entries and Smepmp, and
//! lowRISC peripherals.

#![no_std]

pub mod map;

#[cfg(target_arch = "riscv32")]
pub mod chip;
#[cfg(target_arch = "riscv32")]
mod peripherals;
#[cfg(target_arch = "riscv32")]
mod protection;

#[cfg(target_arch = "riscv32")]
pub use peripherals::{Peripherals, UART0};
#[cfg(target_arch = "riscv32")]
pub use protection::lock_down;
