//! System calls that libtock would not make.

use core::cell::Cell;

use libtock::platform::{syscall_class, ErrorCode, Syscalls};
use libtock::runtime::TockSyscalls;
use libtock_hostile::syscall;

/// Drivers of Anchorhold (`docs/syscalls`).
pub const EVIDENCE: usize = 0xA0001;
pub const VAULT: usize = 0xA0003;

/// The lowest success variant (TRD 104, 3.2).
const SUCCESS: usize = 128;

/// Memop operations (TRD 104, 4.6).
pub mod operation {
    pub const BREAK: usize = 0;
    pub const SBREAK: usize = 1;
    pub const RAM_END: usize = 3;
    pub const FLASH_END: usize = 5;
    pub const GRANT_START: usize = 6;
}

/// The two values that go with success, or the error.
pub type Answer = Result<[usize; 2], ErrorCode>;

fn answer([variant, r1, r2, _]: [usize; 4]) -> Answer {
    match variant {
        SUCCESS.. => Ok([r1, r2]),
        _ => Err(ErrorCode::try_from(r1 as u32).unwrap_or(ErrorCode::BadRVal)),
    }
}

/// Command `number` of `driver`.
pub fn command(driver: usize, number: usize, arguments: [usize; 2]) -> Answer {
    let [argument0, argument1] = arguments;
    answer(syscall(
        syscall_class::COMMAND,
        [driver, number, argument0, argument1],
    ))
}

/// Shares a buffer, which the kernel may read.
pub fn allow_ro(driver: usize, number: usize, address: usize, length: usize) -> Answer {
    answer(syscall(
        syscall_class::ALLOW_RO,
        [driver, number, address, length],
    ))
}

/// Shares a buffer, which the kernel may read and write.
pub fn allow_rw(driver: usize, number: usize, address: usize, length: usize) -> Answer {
    answer(syscall(
        syscall_class::ALLOW_RW,
        [driver, number, address, length],
    ))
}

/// Registers the code at `function` as an upcall.
pub fn subscribe(driver: usize, number: usize, function: usize) -> Answer {
    answer(syscall(
        syscall_class::SUBSCRIBE,
        [driver, number, function, 0],
    ))
}

/// Sleeps until an upcall has put its arguments into `kept`.
pub fn wait<T: Copy>(kept: &Cell<Option<T>>) -> T {
    loop {
        TockSyscalls::yield_wait();
        if let Some(arguments) = kept.get() {
            return arguments;
        }
    }
}

/// Asks for or about memory.
pub fn memop(operation: usize, argument: usize) -> Result<usize, ErrorCode> {
    answer(syscall(syscall_class::MEMOP, [operation, argument, 0, 0])).map(|[value, _]| value)
}
