//! Subscribe: what it takes, refuses and returns.

use crate::behaviour::{behaviour, Behaviour};
use crate::calls::{
    memop_value, operation, subscribe, yield_no_wait, yield_wait, ALARM, CONSOLE,
    FAILURE_WITH_2_U32, NO_DRIVER,
};
use crate::events::{expire_alarm, EXPIRED};
use crate::exhaustion::{without_memory, NOMEM};
use crate::layout::{flash_end, FLASH_START, RAM_START};
use crate::report::Report;
use crate::upcalls;

pub const BEHAVIOURS: &[Behaviour] = &[
    behaviour("104/4.2", "first-subscribe", |report| {
        report.answer(subscribe(CONSOLE, 0, upcalls::a(), 7));
    }),
    behaviour("104/4.2", "first-subscribe-of-another-driver", |report| {
        report.answer(subscribe(ALARM, 0, upcalls::a(), 7));
    }),
    behaviour("104/4.2", "second-subscribe", |report| {
        name_functions(report);
        subscribe(CONSOLE, 0, upcalls::a(), 0x1234_5678);
        report.answer(subscribe(CONSOLE, 0, upcalls::b(), usize::MAX));
        report.answer(subscribe(CONSOLE, 0, upcalls::b(), 0));
    }),
    behaviour("104/4.2", "numbers-are-apart", |report| {
        name_functions(report);
        subscribe(CONSOLE, 0, upcalls::a(), 1);
        report.answer(subscribe(CONSOLE, 1, upcalls::b(), 2));
        report.answer(subscribe(CONSOLE, 0, 0, 0));
    }),
    behaviour("104/4.2.1", "subscribe-null", |report| {
        name_functions(report);
        subscribe(CONSOLE, 0, upcalls::a(), 7);
        report.answer(subscribe(CONSOLE, 0, 0, 8));
        report.answer(subscribe(CONSOLE, 0, upcalls::b(), 9));
    }),
    behaviour("104/4", "subscribe-number-3-of-3", |report| {
        name_functions(report);
        report.answer(subscribe(CONSOLE, 3, upcalls::a(), 7));
    }),
    behaviour("104/4", "subscribe-number-largest", |report| {
        name_functions(report);
        report.answer(subscribe(CONSOLE, usize::MAX, upcalls::a(), 7));
    }),
    behaviour("104/4", "subscribe-number-1-of-1", |report| {
        name_functions(report);
        report.answer(subscribe(ALARM, 1, upcalls::a(), 7));
    }),
    behaviour("104/4.2.1", "subscribe-without-driver", |report| {
        report.answer(subscribe(NO_DRIVER, 0, upcalls::a(), 7));
    }),
    behaviour("104/4.2.1", "subscribe-null-without-driver", |report| {
        report.answer(subscribe(NO_DRIVER, 0, 0, 0));
    }),
    behaviour("104/4.2", "upcall-1", |report| at(report, "one", 1)),
    behaviour("104/4.2", "upcall-in-ram", |report| {
        at(report, "ram-start", RAM_START);
    }),
    behaviour("104/4.2", "upcall-before-ram", |report| {
        at(report, "before-ram", RAM_START - 4);
    }),
    behaviour("104/4.2", "upcall-in-own-grant", |report| {
        at(report, "grant-start", memop_value(operation::GRANT_START));
    }),
    behaviour("tock", "upcall-in-header", |report| {
        at(report, "flash-start", FLASH_START);
    }),
    behaviour("104/4.2", "upcall-before-flash", |report| {
        at(report, "before-flash", FLASH_START - 4);
    }),
    behaviour("104/4.2", "upcall-behind-flash", |report| {
        at(report, "flash-end", flash_end());
    }),
    behaviour("104/4.2", "upcall-largest", |report| {
        at(report, "largest", usize::MAX);
    }),
    behaviour("104/4.2", "invalid-upcall-leaves-the-old", |report| {
        name_functions(report);
        subscribe(CONSOLE, 0, upcalls::a(), 7);
        subscribe(CONSOLE, 0, 1, 8);
        report.answer(subscribe(CONSOLE, 0, 0, 0));
    }),
    behaviour("104/4.2", "invalid-upcall-leaves-pending", |report| {
        subscribe(ALARM, EXPIRED, upcalls::a(), 7);
        expire_alarm();
        subscribe(ALARM, EXPIRED, 1, 8);
        yield_no_wait(0);
        report.upcalls();
    }),
    behaviour("104/4.2", "registered-until-replaced", |report| {
        subscribe(ALARM, EXPIRED, upcalls::a(), 7);
        for _ in 0..3 {
            expire_alarm();
            yield_wait();
        }
        report.upcalls();
    }),
    behaviour("104/3.4", "subscribe-without-memory", |report| {
        let a = upcalls::a();
        let refusal = [FAILURE_WITH_2_U32, NOMEM, a, 7];
        without_memory(report, || subscribe(ALARM, EXPIRED, a, 7), &refusal);
    }),
];

fn name_functions(report: &mut Report) {
    report.name("a", upcalls::a());
    report.name("b", upcalls::b());
}

/// Subscribes with a function at an address where it cannot be.
fn at(report: &mut Report, name: &'static str, address: usize) {
    report.name(name, address);
    report.answer(subscribe(CONSOLE, 0, address, 7));
}
