//! An inference process that takes work and faults.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use anchorhold_client::Worker;
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size, TockSyscalls};

set_main! {main}
stack_size! {0x800}

fn main() -> Result<(), ErrorCode> {
    Worker::<TockSyscalls>::next()?;
    libtock_hostile::read(0);
    Ok(())
}
