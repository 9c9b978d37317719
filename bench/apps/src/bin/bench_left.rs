//! One of two processes that take turns. First it computes alone.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use bench_apps::report::Report;
use bench_apps::turns;
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size};

set_main! {main}
stack_size! {0x400}

fn main() -> Result<(), ErrorCode> {
    let report = Report("left");
    turns::alone(&report)?;
    turns::together(&report)
}
