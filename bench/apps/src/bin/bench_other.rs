//! Computes beside the process that measures.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use bench_apps::turns::{computations, start, OTHER_ROUNDS};
use libtock::platform::{ErrorCode, Syscalls};
use libtock::runtime::{set_main, stack_size, TockSyscalls};

set_main! {main}
stack_size! {0x400}

fn main() -> Result<(), ErrorCode> {
    start()?;
    computations(OTHER_ROUNDS);
    loop {
        // For ever. To end would take longer: the process's memory is wiped.
        TockSyscalls::yield_wait();
    }
}
