//! Fake kernel components. Tests name them with the module, as in
//! `fake::Console`, to tell them from the drivers under test.

mod alarm;
mod allow;
mod command;
mod console;
mod kernel;
mod low_level_debug;
mod memop;
mod subscribe;
mod syscall_driver;
mod syscalls;
mod yields;

pub use alarm::Alarm;
pub use console::Console;
pub use kernel::Kernel;
pub use low_level_debug::{LowLevelDebug, Message};
pub use syscall_driver::SyscallDriver;
pub use syscalls::Syscalls;
