//! System calls, with whatever arguments, and the four registers that they return.

use core::hint::black_box;

pub use libtock::platform::syscall_class::{ALLOW_RO, ALLOW_RW};
use libtock::platform::syscall_class::{COMMAND, EXIT, MEMOP, SUBSCRIBE};
use libtock_hostile::syscall;

/// What is in r0 to r3 afterwards (TRD 104, 3.1).
pub type Registers = [usize; 4];

/// Variants of results (TRD 104, 3.3).
pub const FAILURE: usize = 0;
pub const FAILURE_WITH_2_U32: usize = 2;

/// Class of Yield.
pub const YIELD: usize = 0;
/// Class of Userspace Readable Allow, which has a document of its own.
pub const ALLOW_READABLE: usize = 7;

/// The alarm driver: one upcall, no buffers.
pub const ALARM: usize = 0;
/// The console driver: three upcalls, two buffers of each kind. Numbers 0 mean nothing
/// to it, so that they are free to try.
pub const CONSOLE: usize = 1;
/// A driver that is not there; if it were, this process would have no right to it.
pub const NO_DRIVER: usize = 0xAFFFF;

pub fn subscribe(driver: usize, number: usize, function: usize, data: usize) -> Registers {
    syscall(SUBSCRIBE, [driver, number, function, data])
}

pub fn command(driver: usize, number: usize, arguments: [usize; 2]) -> Registers {
    syscall(COMMAND, [driver, number, arguments[0], arguments[1]])
}

/// Shares a buffer; `class` says how.
pub fn allow(class: usize, driver: usize, number: usize, buffer: [usize; 2]) -> Registers {
    syscall(class, [driver, number, buffer[0], buffer[1]])
}

pub fn memop(operation: usize, argument: usize) -> Registers {
    syscall(MEMOP, [operation, argument, 0, 0])
}

/// What a memop that cannot fail returns.
pub fn memop_value(operation: usize) -> usize {
    memop(operation, 0)[1]
}

pub fn exit(number: usize) -> Registers {
    syscall(EXIT, [number, 0, 0, 0])
}

/// Runs an upcall if one is pending. What the kernel writes into the byte is at `flag`.
pub fn yield_no_wait(flag: usize) {
    syscall(YIELD, [0, flag, 0, 0]);
}

/// Runs an upcall if one is pending; returns what the kernel says about that, or 7 if it
/// says nothing.
pub fn yield_no_wait_told() -> u8 {
    let mut flag = [7];
    yield_no_wait(flag.as_mut_ptr().addr());
    black_box(&flag)[0]
}

pub fn yield_wait() {
    syscall(YIELD, [1, 0, 0, 0]);
}

pub fn yield_wait_for(driver: usize, number: usize) -> Registers {
    syscall(YIELD, [2, driver, number, 0])
}

/// Memop operations (TRD 104, 4.6).
pub mod operation {
    pub const BREAK: usize = 0;
    pub const SBREAK: usize = 1;
    pub const RAM_START: usize = 2;
    pub const RAM_END: usize = 3;
    pub const FLASH_START: usize = 4;
    pub const FLASH_END: usize = 5;
    pub const GRANT_START: usize = 6;
    pub const WRITEABLE_REGIONS: usize = 7;
    pub const WRITEABLE_START: usize = 8;
    pub const WRITEABLE_END: usize = 9;
    pub const STACK_START: usize = 10;
    pub const HEAP_START: usize = 11;
}
