//! Two processes that compute side by side, so that each turn of one follows one of the
//! other.

use core::hint::black_box;

use libtock::alarm::{Alarm, Convert, Milliseconds, Ticks};
use libtock::platform::ErrorCode;

use crate::clock::now;

/// How often the process computes that measures: a hundred time slices and more.
pub const ROUNDS: u32 = 4_000_000;
/// How often the other one does: it is done a time slice or two earlier.
pub const OTHER_ROUNDS: u32 = ROUNDS - ROUNDS / 100;

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

/// Computes `rounds` times, and does nothing else.
pub fn computations(rounds: u32) {
    for round in 0..rounds {
        black_box(compute(round));
    }
}

/// Waits until both processes start, and returns what the clock shows then.
///
/// # Errors
/// `Fail` if the time has passed already; what the drivers answer.
pub fn start() -> Result<u32, ErrorCode> {
    let hertz = Alarm::get_frequency()?;
    let start = hertz.0.saturating_mul(START);
    let wake = start.saturating_sub(EARLY.to_ticks(hertz).0);
    let left = wake.checked_sub(now()?).ok_or(ErrorCode::Fail)?;
    Alarm::sleep_for(Ticks(left))?;
    while now()? < start {}
    Ok(start)
}
