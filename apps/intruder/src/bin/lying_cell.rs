//! An inference process that tries to tell somebody what it sees, and hands in
//! outputs that no model of the device has.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use anchorhold_client::worker::MAX_OUTPUT;
use anchorhold_client::Worker;
use libtock::console::Console;
use libtock::low_level_debug::LowLevelDebug;
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size, TockSyscalls};

set_main! {main}
stack_size! {0x800}

/// Asking for the next piece of work then says that it has given up on this.
fn main() -> Result<(), ErrorCode> {
    loop {
        let work = Worker::<TockSyscalls>::next()?;
        // Neither must print anything.
        let _ = Console::write(b"attack tell-console BREACH\n");
        LowLevelDebug::print_1(work.generation());
        // Too short and too long for any model, for which `submit` must fail.
        let _ = Worker::<TockSyscalls>::submit(work, &[]);
        let _ = Worker::<TockSyscalls>::submit(work, &[0x7f; MAX_OUTPUT + 1]);
    }
}
