//! System calls that a test expects, and what is to happen to them.

use libtock_platform::{CommandReturn, ErrorCode, Register, YieldNoWaitReturn};

/// A system call that a test expects next. The test fails if another one comes;
/// if this one comes, its outcome is what the entry says.
#[derive(Clone, Copy, Debug)]
pub enum ExpectedSyscall {
    /// Yield-no-wait.
    YieldNoWait {
        /// What to return, instead of whether an upcall ran.
        override_return: Option<YieldNoWaitReturn>,
    },
    /// Yield-wait.
    YieldWait {
        /// Whether to return without running an upcall.
        skip_upcall: bool,
    },
    /// Subscribe.
    Subscribe {
        /// Driver number of the call.
        driver_num: u32,
        /// Subscribe number of the call.
        subscribe_num: u32,
        /// What to fail with, instead of subscribing.
        skip_with_error: Option<ErrorCode>,
    },
    /// Command. The driver receives it in any case.
    Command {
        /// Driver number of the call.
        driver_id: u32,
        /// Command number of the call.
        command_id: u32,
        /// First argument of the call.
        argument0: u32,
        /// Second argument of the call.
        argument1: u32,
        /// What to return, instead of the driver's return.
        override_return: Option<CommandReturn>,
    },
    /// Read-Only Allow.
    AllowRo {
        /// Driver number of the call.
        driver_num: u32,
        /// Buffer number of the call.
        buffer_num: u32,
        /// What to fail with, instead of asking the driver.
        return_error: Option<ErrorCode>,
    },
    /// Read-Write Allow.
    AllowRw {
        /// Driver number of the call.
        driver_num: u32,
        /// Buffer number of the call.
        buffer_num: u32,
        /// What to fail with, instead of asking the driver.
        return_error: Option<ErrorCode>,
    },
    /// Memop.
    Memop {
        /// Operation of the call.
        memop_num: u32,
        /// Argument of the call.
        argument0: Register,
        /// What to fail with, instead of the operation.
        return_error: Option<ErrorCode>,
    },
}
