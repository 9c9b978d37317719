//! System calls, errors and share handles for Tock processes.
//!
//! Tock's system call ABI is TRD 104. [`RawSyscalls`] is the five ways a trap
//! into the kernel can look to the compiler; [`Syscalls`] is the safe interface
//! on top of it, and every driver library is generic over it, so that the same
//! library runs on a device and against the fake kernel of `libtock_unittest`.
//!
//! Names, modules and signatures are those of upstream's `libtock_platform`.
#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]
#![warn(missing_docs)]

pub mod allow_ro;
pub mod allow_rw;
pub mod command_return;
mod default_config;
mod error_code;
pub mod exit_on_drop;
mod numbers;
mod raw_syscalls;
mod register;
pub mod return_variant;
pub mod share;
pub mod subscribe;
mod syscalls;
mod termination;
mod yield_types;

pub use allow_ro::AllowRo;
pub use allow_rw::AllowRw;
pub use command_return::CommandReturn;
pub use default_config::DefaultConfig;
pub use error_code::{ErrorCode, NotAnErrorCode};
pub use numbers::{exit_id, syscall_class, yield_id};
pub use raw_syscalls::RawSyscalls;
pub use register::Register;
pub use return_variant::ReturnVariant;
pub use subscribe::{Subscribe, Upcall};
pub use syscalls::Syscalls;
pub use termination::Termination;
pub use yield_types::YieldNoWaitReturn;
