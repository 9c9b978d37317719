//! Yield-WaitFor.

use crate::behaviour::{behaviour, Behaviour};
use crate::calls::{subscribe, yield_no_wait, yield_wait, yield_wait_for, ALARM, CONSOLE};
use crate::events::{begin_write, expire_alarm, set_alarm, write, EXPIRED, WRITE};
use crate::report::Report;
use crate::upcalls;

pub const BEHAVIOURS: &[Behaviour] = &[
    behaviour("104/4.1.3", "wait-for-pending-null-upcall", |report| {
        write(5);
        wait_for_write(report);
    }),
    behaviour("104/4.1.3", "wait-for-later-null-upcall", |report| {
        begin_write(5);
        wait_for_write(report);
    }),
    behaviour("104/4.1.3", "wait-for-calls-no-function", |report| {
        subscribe(CONSOLE, WRITE, upcalls::a(), 1);
        write(5);
        wait_for_write(report);
        report.upcalls();
    }),
    behaviour("104/4.1.3", "wait-for-takes-it-from-the-queue", |report| {
        subscribe(CONSOLE, WRITE, upcalls::a(), 1);
        write(5);
        wait_for_write(report);
        yield_no_wait(0);
        report.upcalls();
    }),
    behaviour("104/4.1.3", "wait-for-takes-the-oldest", |report| {
        subscribe(ALARM, EXPIRED, upcalls::a(), 1);
        let first = expire_alarm();
        let second = expire_alarm();
        report.check("the first", yield_wait_for(ALARM, EXPIRED)[1] == first);
        report.check("the second", yield_wait_for(ALARM, EXPIRED)[1] == second);
    }),
    behaviour("104/4.1.3", "wait-for-leaves-others", |report| {
        subscribe(ALARM, EXPIRED, upcalls::a(), 1);
        expire_alarm();
        write(5);
        wait_for_write(report);
        report.upcalls();
        yield_wait();
        report.upcalls();
    }),
    behaviour("104/4.1.3", "wait-for-keeps-the-order", |report| {
        subscribe(ALARM, EXPIRED, upcalls::a(), 1);
        subscribe(CONSOLE, WRITE, upcalls::b(), 2);
        expire_alarm();
        write(1);
        expire_alarm();
        write(2);
        report.values("the write's", &yield_wait_for(CONSOLE, WRITE)[..3]);
        for _ in 0..3 {
            yield_wait();
        }
        report.upcalls();
    }),
    behaviour("104/4.1.3", "wait-for-sleeps-over-others", |report| {
        subscribe(CONSOLE, WRITE, upcalls::b(), 2);
        let expiration = set_alarm();
        begin_write(1);
        report.check("the alarm", yield_wait_for(ALARM, EXPIRED)[1] == expiration);
        report.upcalls();
        yield_wait();
        report.upcalls();
    }),
];

/// What the driver gave with the event: r0 to r2.
fn wait_for_write(report: &mut Report) {
    let registers = yield_wait_for(CONSOLE, WRITE);
    report.values("the write's", &registers[..3]);
}
