//! What a process must not be able to do, to test that it cannot.
//!
//! A testing aid, and not part of upstream's libtock-rs. Loads, stores, jumps,
//! system calls and privileged instructions, as a process with a foothold would
//! use them, for test processes that are otherwise written in safe Rust.
//!
//! The functions are safe to call although Rust cannot know what they do,
//! because that is decided by what is under test: where a kernel isolates its
//! processes, each of them faults before it has an effect, has none, or does
//! what safe Rust may do. Where it does not, the process is past caring.
#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]
#![warn(missing_docs)]

#[cfg(target_arch = "arm")]
#[path = "arm/mod.rs"]
mod arch;
#[cfg(target_arch = "riscv32")]
#[path = "riscv32/mod.rs"]
mod arch;
#[cfg(target_os = "none")]
mod memory;
#[cfg(target_os = "none")]
mod stack;

#[cfg(target_os = "none")]
pub use arch::{
    raise_privilege, read_kernel_register, return_from_trap, semihosting, syscall,
    syscall_on_stack, use_floating_point, write_memory_protection, RETURN,
};
#[cfg(target_os = "none")]
pub use memory::{call, read, write};
#[cfg(target_os = "none")]
pub use stack::{breakpoint_on_stack, spin_on_stack, undefined_on_stack};
