//! Too much of what is allowed. The rest of the system must not notice, which
//! shows in its output, not in this process's.

use crate::addresses::OWN_CODE;
use crate::attack::{Attack, Verdict};
use crate::calls::{command, memop, operation, subscribe, Answer};

pub const ATTACKS: &[Attack] = &[
    Attack::new("command-storm", || storm(|| command(CONSOLE, 0, [0, 0]))),
    Attack::new("subscribe-storm", || storm(|| subscribe(CONSOLE, 1, 0))),
    Attack::new("alarm-storm", alarm_storm),
    Attack::new("hog-processor", hog_processor),
    Attack::new("exhaust-own-grant", exhaust_own_grant),
];

const ALARM: usize = 0;
const CONSOLE: usize = 1;
const LOW_LEVEL_DEBUG: usize = 8;
const STOP: usize = 3;
const SET_RELATIVE: usize = 5;

/// How often a storm does the same.
const CALLS: usize = 2000;

fn storm(call: fn() -> Answer) -> Verdict {
    for _ in 0..CALLS {
        let _ = call();
    }
    Verdict::Harmless("it is over")
}

/// Sets alarms that expire at once. Those that were fast enough fill the process's own
/// queue of upcalls, which it must empty before it can hear of anything else: taking the
/// upcall back does. (Upcalls to nobody would stay there on upstream's kernel.)
fn alarm_storm() -> Verdict {
    let _ = subscribe(ALARM, 0, OWN_CODE);
    let verdict = storm(|| command(ALARM, SET_RELATIVE, [1, 0]));
    let _ = command(ALARM, STOP, [0, 0]);
    let _ = subscribe(ALARM, 0, 0);
    verdict
}

/// Computes for many time slices, without a system call.
fn hog_processor() -> Verdict {
    for number in 0..5_000_000 {
        core::hint::black_box(number);
    }
    Verdict::Harmless("it is over")
}

/// Takes all of the process's memory, to the last byte, so that the kernel has none left
/// for the grant of a driver that it has not used yet. On Arm, protection may end up to
/// 255 bytes below the grants that there are; if the driver's fits in between, it answers
/// that it has no such upcall.
fn exhaust_own_grant() -> Verdict {
    let mut taken = 0;
    for step in [64, 1] {
        while memop(operation::SBREAK, step).is_ok() {
            taken += step;
        }
    }
    let answer = subscribe(LOW_LEVEL_DEBUG, 0, 0);
    let _ = memop(operation::SBREAK, 0usize.wrapping_sub(taken));
    Verdict::of(answer)
}
