//! What a process must not be able to do, to test that it cannot.
//!
//! A testing aid, and not part of upstream's libtock-rs. Loads, stores, jumps,
//! system calls and privileged instructions, as a process with a foothold would
//! use them, for test processes that are otherwise written in safe Rust.
//!
//! The functions are safe to call although Rust cannot know what they do,
//! because that is decided by what is under test: where a kernel isolates its
//! processes, each of them faults before it has an effect, or does what safe
//! Rust may do. Where it does not, the process is past caring.
#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]
#![warn(missing_docs)]

#[cfg(target_arch = "riscv32")]
mod memory;
#[cfg(target_arch = "riscv32")]
mod privileged;
#[cfg(target_arch = "riscv32")]
mod syscall;

#[cfg(target_arch = "riscv32")]
pub use memory::{call, read, write};
#[cfg(target_arch = "riscv32")]
pub use privileged::{read_machine_status, return_from_trap, semihosting, write_memory_protection};
#[cfg(target_arch = "riscv32")]
pub use syscall::syscall;
