//! A cell that works once, and then hangs with plaintext in memory.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use inference_work::STACK_BYTES;
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size};

set_main! {main}
stack_size! {STACK_BYTES}

fn main() -> Result<(), ErrorCode> {
    test_cells::relapse(|| loop {
        core::hint::black_box(());
    })
}
