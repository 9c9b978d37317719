//! Yield-NoWait and Yield-Wait.

use crate::behaviour::{behaviour, Behaviour};
use crate::calls::{
    command, memop_value, operation, subscribe, yield_no_wait, yield_no_wait_told, yield_wait,
    ALARM, CONSOLE,
};
use crate::events::{
    alarm_pending, begin_write, let_happen, now, set_alarm, write, EXPIRED, WRITE,
};
use crate::layout::FLASH_START;
use crate::report::Report;
use crate::upcalls;

pub const BEHAVIOURS: &[Behaviour] = &[
    behaviour("104/4.1", "upcalls-only-to-yields", |report| {
        alarm_pending();
        command(CONSOLE, 0, [0, 0]);
        subscribe(CONSOLE, 0, upcalls::b(), 0);
        memop_value(operation::RAM_START);
        let_happen();
        report.upcalls();
    }),
    behaviour("104/4.1.1", "no-wait-with-nothing", no_wait),
    behaviour("104/4.1.1", "no-wait-with-one", |report| {
        alarm_pending();
        no_wait(report);
        no_wait(report);
    }),
    behaviour("104/4.1.1", "no-wait-runs-one-of-two", |report| {
        write_pending();
        alarm_pending();
        no_wait(report);
        no_wait(report);
        no_wait(report);
    }),
    behaviour("104/4.1.1", "no-wait-without-byte", |report| {
        alarm_pending();
        yield_no_wait(0);
        report.upcalls();
    }),
    behaviour("104/4.1.1", "no-wait-byte-in-flash", |report| {
        no_wait_at(report, FLASH_START);
    }),
    behaviour("104/4.1.1", "no-wait-byte-in-own-grant", |report| {
        no_wait_at(report, memop_value(operation::RAM_END).wrapping_sub(4));
    }),
    behaviour("104/4.1.1", "no-wait-byte-nowhere", |report| {
        no_wait_at(report, usize::MAX);
    }),
    behaviour("104/4.1.1", "no-wait-with-null-upcall", |report| {
        subscribe(ALARM, EXPIRED, upcalls::b(), 9);
        write(1);
        set_alarm();
        no_wait(report);
    }),
    behaviour("104/4.1.2", "wait-with-one", |report| {
        alarm_pending();
        yield_wait();
        report.upcalls();
    }),
    behaviour("104/4.1.2", "wait-runs-one-of-two", |report| {
        alarm_pending();
        write_pending();
        yield_wait();
        report.upcalls();
    }),
    behaviour("104/4.1.2", "wait-for-what-comes-later", |report| {
        subscribe(ALARM, EXPIRED, upcalls::a(), 1);
        let expiration = set_alarm();
        yield_wait();
        report.upcalls();
        let late = now().wrapping_sub(expiration);
        report.check("when it was due", late < usize::MAX / 2);
    }),
    behaviour("104/4.1.2", "wait-order-write-alarm", |report| {
        write_pending();
        alarm_pending();
        yield_wait();
        yield_wait();
        report.upcalls();
    }),
    behaviour("104/4.1.2", "wait-order-alarm-write", |report| {
        alarm_pending();
        write_pending();
        yield_wait();
        yield_wait();
        report.upcalls();
    }),
    behaviour("104/4.1.2", "wait-sleeps-over-null-upcall", |report| {
        subscribe(ALARM, EXPIRED, upcalls::b(), 9);
        set_alarm();
        write(1);
        yield_wait();
        report.upcalls();
    }),
    behaviour("104/4.2", "arguments-of-an-upcall", |report| {
        subscribe(CONSOLE, WRITE, upcalls::a(), usize::MAX);
        begin_write(5);
        yield_wait();
        report.upcalls_with_arguments();
    }),
];

/// An upcall of the console to `b` is pending.
fn write_pending() {
    subscribe(CONSOLE, WRITE, upcalls::b(), 2);
    write(1);
}

/// Yield-NoWait, and what it says that it did.
fn no_wait(report: &mut Report) {
    report.value("it says", yield_no_wait_told().into());
    report.upcalls();
}

/// Yield-NoWait with one upcall pending, and a byte that is not the process's to write.
fn no_wait_at(report: &mut Report, address: usize) {
    alarm_pending();
    yield_no_wait(address);
    report.upcalls();
}
