//! A record of the system calls that were made.

use libtock_platform::Register;

/// One system call that the code under test has made.
#[derive(Debug, Eq, PartialEq)]
#[allow(missing_docs)] // Each field is the call's argument of that name.
pub enum SyscallLogEntry {
    /// Yield-no-wait.
    YieldNoWait,
    /// Yield-wait.
    YieldWait,
    /// Subscribe.
    Subscribe { driver_num: u32, subscribe_num: u32 },
    /// Command.
    Command {
        driver_id: u32,
        command_id: u32,
        argument0: u32,
        argument1: u32,
    },
    /// Read-Only Allow.
    AllowRo {
        driver_num: u32,
        buffer_num: u32,
        len: usize,
    },
    /// Read-Write Allow.
    AllowRw {
        driver_num: u32,
        buffer_num: u32,
        len: usize,
    },
    /// Memop.
    Memop { memop_num: u32, argument0: Register },
}
