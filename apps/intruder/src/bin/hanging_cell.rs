//! An inference process that takes work and never comes back: the deadline must
//! end it, and the application must hear of that.
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
    loop {
        core::hint::black_box(());
    }
}
