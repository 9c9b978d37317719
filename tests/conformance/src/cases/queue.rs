//! The queue of upcalls, and its end.

use crate::behaviour::{behaviour, Behaviour};
use crate::calls::{subscribe, yield_no_wait_told, yield_wait, ALARM, CONSOLE};
use crate::events::{expire_alarm, write, EXPIRED, WRITE};
use crate::upcalls;

/// Upcalls that Tock's queue has room for.
const ROOM: usize = 9;

pub const BEHAVIOURS: &[Behaviour] = &[
    behaviour("tock", "queue-holds-9", |report| {
        fill(ROOM);
        report.value("upcalls:", drain());
    }),
    behaviour("tock", "queue-drops-the-10th", |report| {
        fill(ROOM + 1);
        report.value("upcalls:", drain());
    }),
    behaviour("tock", "full-queue-drops-the-newest", |report| {
        fill(ROOM);
        subscribe(CONSOLE, WRITE, upcalls::b(), 2);
        write(1);
        report.value("upcalls:", drain());
        report.check(
            "all of the alarm",
            upcalls::calls().all(|call| call.function == "a"),
        );
    }),
    behaviour("tock", "queue-has-room-again", |report| {
        fill(ROOM + 1);
        yield_wait();
        expire_alarm();
        report.value("upcalls:", drain());
    }),
    behaviour("104/4.2", "swap-makes-room", |report| {
        fill(ROOM);
        subscribe(ALARM, EXPIRED, upcalls::a(), 3);
        expire_alarm();
        report.value("upcalls:", drain());
    }),
];

/// That many upcalls to `a`.
fn fill(count: usize) {
    subscribe(ALARM, EXPIRED, upcalls::a(), 1);
    for _ in 0..count {
        expire_alarm();
    }
}

/// Runs all upcalls that are pending; returns how many have run by then.
fn drain() -> usize {
    while yield_no_wait_told() == 1 {}
    upcalls::count()
}
