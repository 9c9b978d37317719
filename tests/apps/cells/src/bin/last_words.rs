//! An application that says two things and ends, as libtock-rs's example for low-level
//! debug does.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use libtock::low_level_debug::LowLevelDebug;
use libtock::runtime::{set_main, stack_size};

set_main! {main}
stack_size! {0x200}

fn main() {
    LowLevelDebug::print_1(1);
    LowLevelDebug::print_2(2, 3);
}
