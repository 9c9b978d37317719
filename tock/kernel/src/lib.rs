//! Our implementation of the Tock kernel interfaces that Anchorhold uses.
//!
//! Crate, module, type and function names are upstream Tock's, so that the
//! same capsules and boards build on both. The system call interface is TRD
//! 104, the binary format TBF version 2, application identity the AppID TRD.
//! `docs/tock.md` lists what is left out.
//!
//! The kernel has one thread. Interrupt handlers do no more than note that
//! something happened; the kernel loop ([`Kernel::kernel_loop`]) does the
//! rest, and runs processes while there is nothing else to do.

#![no_std]

/// Major version of the Tock kernel interface that this is.
pub const KERNEL_MAJOR_VERSION: u16 = 2;
/// Minor version of the Tock kernel interface that this is.
pub const KERNEL_MINOR_VERSION: u16 = 3;

pub mod capabilities;
pub mod collections;
pub mod debug;
pub mod deferred_call;
pub mod errorcode;
pub mod grant;
pub mod hil;
pub mod ipc;
pub mod platform;
pub mod process;
pub mod process_checker;
pub mod processbuffer;
pub mod scheduler;
pub mod syscall;
pub mod upcall;
pub mod utilities;

mod kernel;

#[cfg(test)]
extern crate std;

#[cfg(test)]
mod testing;

pub use crate::errorcode::ErrorCode;
pub use crate::kernel::Kernel;
pub use crate::process::ProcessId;
pub use crate::scheduler::Scheduler;
