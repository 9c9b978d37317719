//! Subscribe: what becomes of upcalls that are pending, and of events that come later.

use crate::behaviour::{behaviour, Behaviour};
use crate::calls::{subscribe, yield_no_wait_told, yield_wait, ALARM, CONSOLE};
use crate::events::{alarm_pending, expire_alarm, set_alarm, write, EXPIRED, WRITE};
use crate::report::Report;
use crate::upcalls;

pub const BEHAVIOURS: &[Behaviour] = &[
    behaviour("104/4.2", "swap-cancels-pending", |report| {
        alarm_pending();
        subscribe(ALARM, EXPIRED, upcalls::b(), 2);
        drained(report);
    }),
    behaviour("104/4.2", "swap-cancels-all-pending", |report| {
        alarm_pending();
        expire_alarm();
        expire_alarm();
        subscribe(ALARM, EXPIRED, upcalls::b(), 2);
        drained(report);
    }),
    behaviour("104/4.2", "same-function-cancels-pending", |report| {
        alarm_pending();
        subscribe(ALARM, EXPIRED, upcalls::a(), 1);
        drained(report);
    }),
    behaviour("104/4.2.1", "null-cancels-pending", |report| {
        alarm_pending();
        subscribe(ALARM, EXPIRED, 0, 0);
        drained(report);
    }),
    behaviour("104/4.2", "swap-leaves-other-numbers-pending", |report| {
        subscribe(CONSOLE, WRITE, upcalls::a(), 1);
        write(1);
        subscribe(CONSOLE, 0, upcalls::b(), 2);
        drained(report);
    }),
    behaviour("104/4.2", "swap-leaves-other-drivers-pending", |report| {
        alarm_pending();
        subscribe(CONSOLE, EXPIRED, upcalls::b(), 2);
        drained(report);
    }),
    behaviour("104/4.2", "swap-between-others", |report| {
        subscribe(CONSOLE, WRITE, upcalls::b(), 2);
        write(1);
        alarm_pending();
        write(1);
        subscribe(ALARM, EXPIRED, upcalls::b(), 3);
        drained(report);
    }),
    behaviour("104/4.2", "new-upcall-for-later-events", |report| {
        alarm_pending();
        subscribe(ALARM, EXPIRED, upcalls::b(), 2);
        expire_alarm();
        drained(report);
    }),
    behaviour("104/4.2", "event-of-the-null-upcall-is-lost", |report| {
        expire_alarm();
        subscribe(ALARM, EXPIRED, upcalls::b(), 2);
        set_alarm();
        yield_wait();
        report.upcalls();
        drained(report);
    }),
    behaviour("104/4.2", "swap-cancels-null-upcalls", |report| {
        // Were the write's event still there, it would be what comes first.
        subscribe(ALARM, EXPIRED, upcalls::b(), 9);
        write(1);
        subscribe(CONSOLE, WRITE, upcalls::a(), 1);
        set_alarm();
        report.value("it says", yield_no_wait_told().into());
        report.upcalls();
    }),
];

/// All upcalls that are pending run.
fn drained(report: &mut Report) {
    while yield_no_wait_told() == 1 {}
    report.upcalls();
}
