//! An application that never waits for anything.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use libtock::runtime::{set_main, stack_size};

set_main! {main}
stack_size! {0x200}

fn main() {
    loop {
        core::hint::black_box(());
    }
}
