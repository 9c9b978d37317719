//! Exit, and calls that no document has.

use libtock_hostile::syscall;

use crate::behaviour::{behaviour, Behaviour};
use crate::calls::{
    allow, exit, subscribe, ALARM, ALLOW_READABLE, ALLOW_RO, ALLOW_RW, CONSOLE, YIELD,
};
use crate::events::{expire_alarm, EXPIRED};
use crate::report::Report;
use crate::upcalls;

/// What may fault.
pub const FAULTS: &[Behaviour] = &[
    behaviour("tock", "class-8", |report| {
        class(report, ALLOW_READABLE + 1)
    }),
    behaviour("tock", "class-255", |report| class(report, 255)),
    behaviour("104/4.1", "yield-number-3", |report| {
        reserved_yield(report, 3)
    }),
    behaviour("104/4.1", "yield-number-largest", |report| {
        reserved_yield(report, usize::MAX);
    }),
];

/// What starts the process again; the second finds what the first has left.
pub const RESTARTS: &[Behaviour] = &[
    behaviour("104/4.7", "exit-restart", |report| {
        subscribe(CONSOLE, 0, upcalls::a(), 1);
        allow(ALLOW_RW, CONSOLE, 0, own_buffer());
        allow(ALLOW_RO, CONSOLE, 0, own_buffer());
        subscribe(ALARM, EXPIRED, upcalls::a(), 2);
        expire_alarm();
        exit(1);
        report.text("it returned");
    }),
    behaviour("104/4.7", "exit-restart-forgets", |report| {
        report.answer(subscribe(CONSOLE, 0, 0, 0));
        report.answer(allow(ALLOW_RW, CONSOLE, 0, [0, 0]));
        report.answer(allow(ALLOW_RO, CONSOLE, 0, [0, 0]));
        report.answer(subscribe(ALARM, EXPIRED, 0, 0));
    }),
    behaviour("tock", "exit-number-2", |report| report.answer(exit(2))),
    behaviour("tock", "exit-number-largest", |report| {
        report.answer(exit(usize::MAX));
    }),
];

/// What ends the process, for good.
pub const TERMINATION: &[Behaviour] = &[behaviour("104/4.7", "exit-terminate", |report| {
    exit(0);
    report.text("it returned");
})];

fn own_buffer() -> [usize; 2] {
    static BYTES: [u8; 4] = [0; 4];
    [BYTES.as_ptr().addr(), 0]
}

fn class(report: &mut Report, class: usize) {
    report.answer(syscall(class, [0; 4]));
}

/// An upcall is pending, and the parameters look like those of other yields.
fn reserved_yield(report: &mut Report, number: usize) {
    let mut flag = [7u8];
    subscribe(ALARM, EXPIRED, upcalls::a(), 0);
    expire_alarm();
    let address = flag.as_mut_ptr().addr();
    syscall(YIELD, [number, address, EXPIRED, address]);
    report.text("it returned");
    report.upcalls();
    report.value("the byte is", core::hint::black_box(&flag)[0].into());
}
