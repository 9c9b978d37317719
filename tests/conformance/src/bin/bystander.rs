//! A process that says once that it runs.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use libtock::console::Console;
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size};

set_main! {main}
stack_size! {0x400}

fn main() -> Result<(), ErrorCode> {
    Console::write(b"bystander: here\n")
}
