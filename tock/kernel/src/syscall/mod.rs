//! System calls (TRD 104): arguments, results, drivers, and the way between
//! user space and kernel.

mod boundary;
mod call;
mod driver;
mod result;

pub use boundary::{ContextSwitchReason, UserspaceKernelBoundary};
pub use call::{Syscall, SyscallClass, YieldVariant};
pub use driver::{CommandReturn, SyscallDriver};
pub use result::SyscallReturn;
