//! A panic handler of minimal size for Tock processes.
//!
//! Linking this crate (`extern crate libtock_small_panic;`) is all there is to
//! using it: a panic prints alert code 1 through the low-level debug driver,
//! if the process may use it, and ends the process.
#![no_std]
#![forbid(unsafe_code)]

use core::panic::PanicInfo;

use libtock_low_level_debug::{AlertCode, LowLevelDebug};
use libtock_platform::{ErrorCode, Syscalls};
use libtock_runtime::TockSyscalls;

/// Reports the panic and ends the process, without the message: formatting it
/// would be most of a small process's code.
#[panic_handler]
fn panic(_info: &PanicInfo) -> ! {
    LowLevelDebug::<TockSyscalls>::print_alert_code(AlertCode::Panic);
    TockSyscalls::exit_terminate(ErrorCode::Fail as u32)
}
