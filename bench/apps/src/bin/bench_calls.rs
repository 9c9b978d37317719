//! Measures system calls that return to the process that made them.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use bench_apps::clock::{now, ticks_of};
use bench_apps::report::Report;
use core::cell::Cell;
use core::hint::black_box;
use libtock::alarm::Alarm;
use libtock::platform::share;
use libtock::platform::{DefaultConfig, ErrorCode, Syscalls, YieldNoWaitReturn};
use libtock::runtime::{set_main, stack_size, TockSyscalls};

set_main! {main}
stack_size! {0x400}

/// Enough for a clock of 10 kHz to tell one instruction more or less.
const ROUNDS: u32 = 100_000;
/// More upcalls than can wait.
const MORE_THAN_FIT: u32 = 100;

/// The console, which every application may use.
const CONSOLE: u32 = 1;
/// Its command that does nothing.
const EXISTS: u32 = 0;
/// Its command that writes. Of nothing, it schedules its upcall at once.
const WRITE: u32 = 1;
/// Its upcall when a write is done.
const WRITTEN: u32 = 1;

fn main() -> Result<(), ErrorCode> {
    let report = Report("calls");
    report.figure("hertz", Alarm::get_frequency()?.0)?;
    report.figure("rounds", ROUNDS)?;
    report.figure("nothing", ticks_of(ROUNDS, || black_box(()))?)?;
    TockSyscalls::command(CONSOLE, EXISTS, 0, 0).to_result::<(), ErrorCode>()?;
    report.figure("command", ticks_of(ROUNDS, null_command)?)?;
    report.figure("clock", ticks_of(ROUNDS, look)?)?;
    let (dropped, run) = yields()?;
    report.figure("upcall-dropped", dropped)?;
    report.figure("upcall-run", run)?;
    report.end()
}

fn look() {
    // The time itself does not matter here.
    let _ = black_box(now());
}

fn null_command() {
    black_box(TockSyscalls::command(CONSOLE, EXISTS, 0, 0).is_success());
}

fn write_nothing() {
    black_box(TockSyscalls::command(CONSOLE, WRITE, 0, 0).is_success());
}

/// Ticks of a command whose upcall is dropped, because no more can wait, and of one
/// whose upcall waits, together with the yield that runs it.
fn yields() -> Result<(u32, u32), ErrorCode> {
    let ran = Cell::new(false);
    share::scope(|handle| {
        TockSyscalls::subscribe::<_, _, DefaultConfig, CONSOLE, WRITTEN>(handle, &ran)?;
        for _ in 0..MORE_THAN_FIT {
            TockSyscalls::command(CONSOLE, WRITE, 0, 0).to_result::<(), ErrorCode>()?;
        }
        let dropped = ticks_of(ROUNDS, write_nothing)?;
        while TockSyscalls::yield_no_wait() == YieldNoWaitReturn::Upcall {}
        let run = ticks_of(ROUNDS, || {
            write_nothing();
            TockSyscalls::yield_wait();
        })?;
        Ok((dropped, run))
    })
}
