//! Events of drivers that make upcalls, one of each kind for as long as needed.

use core::hint::black_box;

use crate::calls::{allow, command, subscribe, ALARM, ALLOW_RO, CONSOLE};
use crate::upcalls;

/// The console's upcall and command for a write, and the number of its buffer.
pub const WRITE: usize = 1;
/// The alarm's upcall.
pub const EXPIRED: usize = 0;

/// The alarm's commands.
pub mod alarm {
    pub const FREQUENCY: usize = 1;
    pub const NOW: usize = 2;
    pub const STOP: usize = 3;
    pub const SET_RELATIVE: usize = 5;
    pub const SET_ABSOLUTE: usize = 6;
}

/// What is written where only the event counts: the ends of empty lines.
static NOTHING: [u8; 8] = *b"\n\n\n\n\n\n\n\n";

/// The alarm's counter.
pub fn now() -> usize {
    command(ALARM, alarm::NOW, [0, 0])[1]
}

/// Counts of the alarm's counter in `milliseconds`.
pub fn ticks(milliseconds: usize) -> usize {
    command(ALARM, alarm::FREQUENCY, [0, 0])[1] / 1000 * milliseconds
}

/// Lets time go by, in which nothing of the process runs but this, and no upcall either:
/// long enough for a write or an alarm to become an event that is pending.
pub fn let_happen() {
    let (start, duration) = (now(), ticks(10));
    while now().wrapping_sub(start) < duration {
        black_box(());
    }
}

/// An alarm that expires at once, and has done so. Returns when that was.
pub fn expire_alarm() -> usize {
    let [_, expiration, ..] = command(ALARM, alarm::SET_RELATIVE, [1, 0]);
    let_happen();
    expiration
}

/// An upcall of the alarm to `a` with data 1 is pending.
pub fn alarm_pending() {
    subscribe(ALARM, EXPIRED, upcalls::a(), 1);
    expire_alarm();
}

/// An alarm that expires later than anything else happens.
pub fn set_alarm() -> usize {
    command(ALARM, alarm::SET_RELATIVE, [ticks(50), 0])[1]
}

/// Starts to write `length` bytes, at most 8.
pub fn begin_write(length: usize) {
    let buffer = [NOTHING.as_ptr().addr(), length];
    allow(ALLOW_RO, CONSOLE, WRITE, buffer);
    command(CONSOLE, WRITE, [length, 0]);
}

/// Writes `length` bytes, and has done so.
pub fn write(length: usize) {
    begin_write(length);
    let_happen();
}
