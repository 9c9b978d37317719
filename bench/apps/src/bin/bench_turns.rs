//! Measures what it takes to switch to another process and back.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use bench_apps::clock::{now, ticks_of};
use bench_apps::report::Report;
use bench_apps::turns::{computations, start, OTHER_ROUNDS, ROUNDS};
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size};

set_main! {main}
stack_size! {0x400}

fn main() -> Result<(), ErrorCode> {
    let report = Report("turns");
    report.figure("rounds", ROUNDS)?;
    report.figure("other-rounds", OTHER_ROUNDS)?;
    report.figure("alone", ticks_of(1, || computations(ROUNDS))?)?;
    let start = start()?;
    computations(ROUNDS);
    let (looks, end) = next_tick()?;
    report.figure("together", end.wrapping_sub(start))?;
    report.figure("looks", looks)?;
    report.end()
}

/// Looks at the clock until it goes on; how often, and what it shows then. Only at this
/// moment does a slow clock tell the time to an instruction or so.
fn next_tick() -> Result<(u32, u32), ErrorCode> {
    let first = now()?;
    let mut looks = 1;
    loop {
        let time = now()?;
        looks += 1;
        if time != first {
            return Ok((looks, time));
        }
    }
}
