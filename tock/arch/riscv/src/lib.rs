//! RISC-V privileged architecture: control registers and physical memory
//! protection.
//!
//! Everything that decides (which entry grants what to whom) is plain
//! arithmetic that compiles and is tested on any host; only [`csr`] and
//! [`pmp::hardware`] touch the processor.

#![no_std]

#[cfg(target_arch = "riscv32")]
pub mod csr;
pub mod pmp;
