//! Start-up code and raw system calls for Tock processes.
//!
//! A process is linked at fixed addresses, with the layout that
//! `libtock_build_scripts` gives to the linker. It says where it begins with
//! [`set_main!`] and how much stack it needs with [`stack_size!`].
#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]
#![warn(missing_docs)]

pub mod startup;
#[cfg(target_arch = "arm")]
mod syscalls_arm;
#[cfg(target_arch = "riscv32")]
mod syscalls_riscv32;

/// Tock's system calls, as the kernel takes them. Its methods are those of
/// `libtock_platform::Syscalls`.
pub struct TockSyscalls;
