//! A fake Tock kernel for host tests of processes.
//!
//! A test makes a [`fake::Kernel`], adds fake drivers to it, and runs the code
//! under test with `fake::Syscalls` in the place of the device's system calls:
//!
//! ```
//! use libtock_platform::Syscalls;
//! use libtock_unittest::fake;
//!
//! let kernel = fake::Kernel::new();
//! kernel.add_driver(&fake::Console::new());
//! assert!(fake::Syscalls::command(1, 0, 0, 0).is_success());
//! ```
//!
//! Names and signatures are those of upstream's `libtock_unittest`, of which
//! this has the part that the project's own tests need.
#![deny(unsafe_op_in_unsafe_fn)]
#![warn(missing_docs)]

mod buffer;
pub mod command_return;
mod driver_info;
mod expected_syscall;
pub mod fake;
mod share_ref;
mod state;
mod syscall_log;

pub use buffer::{RoAllowBuffer, RwAllowBuffer};
pub use driver_info::DriverInfo;
pub use expected_syscall::ExpectedSyscall;
pub use share_ref::{DriverShareRef, InvalidSubscribeNum};
pub use syscall_log::SyscallLogEntry;
