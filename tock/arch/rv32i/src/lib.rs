//! 32-bit RISC-V: reset, traps, and switching to processes and back.
//!
//! The kernel never takes an interrupt: machine interrupts stay masked while
//! it runs, end a process's time slice when it does not, and are serviced by
//! polling. A trap from machine mode is therefore always a kernel fault.
//!
//! What decides is plain code, tested on any host; the rest is for the target.

#![no_std]

#[cfg(target_arch = "riscv32")]
mod context;
#[cfg(any(target_arch = "riscv32", test))]
mod convention;
mod fault;
#[cfg(any(target_arch = "riscv32", test))]
mod registers;
#[cfg(target_arch = "riscv32")]
mod start;
#[cfg(target_arch = "riscv32")]
pub mod syscall;
pub mod thread_id;
#[cfg(target_arch = "riscv32")]
mod trap;

pub use fault::Fault;
#[cfg(target_arch = "riscv32")]
pub use registers::StoredState;
#[cfg(target_arch = "riscv32")]
pub use trap::{initialize_traps, kernel_fault};
