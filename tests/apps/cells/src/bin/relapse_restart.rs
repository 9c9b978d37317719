//! A cell that works once, and then asks to be restarted with plaintext in memory.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use inference_work::STACK_BYTES;
use libtock::platform::{ErrorCode, Syscalls};
use libtock::runtime::{set_main, stack_size, TockSyscalls};

set_main! {main}
stack_size! {STACK_BYTES}

fn main() -> Result<(), ErrorCode> {
    test_cells::relapse(|| TockSyscalls::exit_restart(0))
}
