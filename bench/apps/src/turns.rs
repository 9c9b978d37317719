//! Two processes that compute side by side, so that each turn of one follows one of the
//! other.

use core::hint::black_box;

use libtock::alarm::{Alarm, Convert, Milliseconds, Ticks};
use libtock::platform::ErrorCode;

use crate::clock::{now, ticks_of};
use crate::report::Report;

/// How often each process computes: a hundred time slices and more.
const ROUNDS: u32 = 4_000_000;
/// When both start, in seconds after the clock did: one has computed alone by then.
const START: u32 = 4;
/// How long before that they wake up, at the latest: while it sleeps, an emulated board
/// is not exact.
const EARLY: Milliseconds = Milliseconds(100);

/// A few hundred instructions, always the same number: no branches.
#[inline(never)]
fn compute(seed: u32) -> u32 {
    let mut value = seed;
    macro_rules! mix {
        ($($step:literal)*) => {
            $(value = value.wrapping_mul(0x9e37_79b1).rotate_left($step) ^ seed;)*
        };
    }
    mix!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31);
    mix!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31);
    value
}

fn computations(rounds: u32) {
    for round in 0..rounds {
        black_box(compute(round));
    }
}

/// Computes alone, and reports how long that took.
///
/// # Errors
/// What the drivers answer.
pub fn alone(report: &Report) -> Result<(), ErrorCode> {
    report.figure("rounds", ROUNDS)?;
    report.figure("alone", ticks_of(1, || computations(ROUNDS))?)
}

/// Computes from [`START`] on, and reports when that began and ended.
///
/// # Errors
/// `Fail` if the time has passed already; what the drivers answer.
pub fn together(report: &Report) -> Result<(), ErrorCode> {
    let hertz = Alarm::get_frequency()?;
    let start = hertz.0.saturating_mul(START);
    let wake = start.saturating_sub(EARLY.to_ticks(hertz).0);
    let left = wake.checked_sub(now()?).ok_or(ErrorCode::Fail)?;
    Alarm::sleep_for(Ticks(left))?;
    let mut begun = now()?;
    while begun < start {
        begun = now()?;
    }
    computations(ROUNDS);
    let (looks, ended) = next_tick()?;
    report.figure("begun", begun)?;
    report.figure("looks", looks)?;
    report.figure("ended", ended)?;
    report.end()
}

/// Looks at the clock until it goes on; how often, and what it showed in the end. A
/// slow clock tells the time to an instruction or so only at this moment.
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
