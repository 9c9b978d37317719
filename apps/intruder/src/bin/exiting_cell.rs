//! An inference process that takes work and asks to be restarted.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use anchorhold_client::Worker;
use libtock::platform::{ErrorCode, Syscalls};
use libtock::runtime::{set_main, stack_size, TockSyscalls};

set_main! {main}
stack_size! {0x800}

fn main() -> Result<(), ErrorCode> {
    Worker::<TockSyscalls>::next()?;
    TockSyscalls::exit_restart(0)
}
