//! Memop.

use crate::behaviour::{behaviour, Behaviour};
use crate::calls::operation::{
    self, BREAK, FLASH_END, GRANT_START, HEAP_START, RAM_END, SBREAK, STACK_START, WRITEABLE_END,
    WRITEABLE_REGIONS, WRITEABLE_START,
};
use crate::calls::{allow, memop, memop_value, subscribe, ALARM, ALLOW_RO, ALLOW_RW, CONSOLE};
use crate::layout::{flash_end, FLASH_START, RAM_START};
use crate::report::Report;

/// What moves the break.
pub const BEHAVIOURS: &[Behaviour] = &[
    behaviour("104/4.6", "break-where-it-is", |report| {
        let start = app_break(report);
        report.answer(memop(BREAK, start));
        report.value("the break is at", memop_value(SBREAK));
    }),
    behaviour("104/4.6", "break-up", |report| {
        let start = app_break(report);
        report.answer(memop(BREAK, start + 32));
        report.value("the break is at", memop_value(SBREAK));
    }),
    behaviour("104/4.6", "break-up-and-down", |report| {
        let start = app_break(report);
        memop(BREAK, start + 32);
        report.answer(memop(BREAK, start));
        report.value("the break is at", memop_value(SBREAK));
    }),
    behaviour("104/4.6", "break-before-ram", |report| {
        refused(report, BREAK, RAM_START - 4);
    }),
    behaviour("104/4.6", "break-null", |report| refused(report, BREAK, 0)),
    behaviour("104/4.6", "break-into-own-grant", |report| {
        refused(report, BREAK, memop_value(GRANT_START) + 4);
    }),
    behaviour("104/4.6", "break-at-ram-end", |report| {
        refused(report, BREAK, memop_value(RAM_END));
    }),
    behaviour("104/4.6", "break-behind-ram", |report| {
        refused(report, BREAK, memop_value(RAM_END) + 4);
    }),
    behaviour("104/4.6", "break-largest", |report| {
        refused(report, BREAK, usize::MAX);
    }),
    behaviour("tock", "break-below-shared-buffer", |report| {
        below_shared(report, ALLOW_RW);
    }),
    behaviour("tock", "break-below-shared-read-only-buffer", |report| {
        below_shared(report, ALLOW_RO);
    }),
    behaviour("104/4.6", "sbreak-0", |report| {
        app_break(report);
        report.answer(memop(SBREAK, 0));
    }),
    behaviour("104/4.6", "sbreak-up", |report| {
        app_break(report);
        report.answer(memop(SBREAK, 32));
        report.answer(memop(SBREAK, 0));
    }),
    behaviour("104/4.6", "sbreak-down", |report| {
        app_break(report);
        memop(SBREAK, 32);
        report.answer(memop(SBREAK, 0usize.wrapping_sub(16)));
        report.answer(memop(SBREAK, 0));
    }),
    behaviour("104/4.6", "sbreak-by-too-much", |report| {
        refused(report, SBREAK, memop_value(RAM_END) - RAM_START);
    }),
    behaviour("104/4.6", "sbreak-by-the-largest", |report| {
        refused(report, SBREAK, i32::MAX as usize);
    }),
    behaviour("104/4.6", "sbreak-by-the-least", |report| {
        refused(report, SBREAK, i32::MIN as usize);
    }),
    behaviour("104/4.6", "sbreak-before-ram", |report| {
        let reach = memop_value(SBREAK) - RAM_START;
        refused(report, SBREAK, 0usize.wrapping_sub(reach + 4));
    }),
];

/// What tells about memory, and what there is not.
pub const QUESTIONS: &[Behaviour] = &[
    behaviour("104/4.6", "ram-start", |report| {
        report.name("ram-start", RAM_START);
        report.answer(memop(operation::RAM_START, 0));
    }),
    behaviour("104/4.6", "ram-end", |report| {
        let [variant, end, ..] = memop(RAM_END, 0);
        report.value("variant", variant);
        report.check("not before the grants", end >= memop_value(GRANT_START));
    }),
    behaviour("104/4.6", "flash-start", |report| {
        report.name("flash-start", FLASH_START);
        report.answer(memop(operation::FLASH_START, 0));
    }),
    behaviour("104/4.6", "flash-end", |report| {
        report.name("flash-end", flash_end());
        report.answer(memop(FLASH_END, 0));
    }),
    behaviour("104/4.6", "grant-start", |report| {
        let [variant, start, ..] = memop(GRANT_START, 0);
        report.value("variant", variant);
        report.check("not before the break", start >= memop_value(SBREAK));
    }),
    behaviour("104/4.6", "grant-start-moves", |report| {
        let before = memop_value(GRANT_START);
        subscribe(ALARM, 0, 0, 0);
        report.check("lower with a new grant", memop_value(GRANT_START) < before);
    }),
    behaviour("104/4.6", "writeable-regions", |report| {
        report.answer(memop(WRITEABLE_REGIONS, 0));
    }),
    behaviour("104/4.6", "writeable-region-start", |report| {
        regions(report, WRITEABLE_START);
    }),
    behaviour("104/4.6", "writeable-region-end", |report| {
        regions(report, WRITEABLE_END);
    }),
    behaviour("104/4.6", "stack-start", |report| {
        report.answer(memop(STACK_START, RAM_START));
        report.answer(memop(STACK_START, 0));
    }),
    behaviour("104/4.6", "heap-start", |report| {
        report.answer(memop(HEAP_START, RAM_START));
        report.answer(memop(HEAP_START, usize::MAX));
    }),
    behaviour("104/3.3", "memop-12", |report| report.answer(memop(12, 0))),
    behaviour("104/3.3", "memop-largest", |report| {
        report.answer(memop(usize::MAX, 0));
    }),
];

/// Names where the break is.
fn app_break(report: &mut Report) -> usize {
    report.name("break", memop_value(SBREAK))
}

/// A break that cannot be had, and stays where it was.
fn refused(report: &mut Report, operation: usize, argument: usize) {
    app_break(report);
    report.answer(memop(operation, argument));
    report.value("the break is at", memop_value(SBREAK));
}

/// A process must not give memory up that it has shared.
fn below_shared(report: &mut Report, class: usize) {
    let start = app_break(report);
    memop(SBREAK, 32);
    allow(class, CONSOLE, 0, [start, 16]);
    report.answer(memop(BREAK, start + 15));
    report.answer(memop(BREAK, start + 16));
    report.value("the break is at", memop_value(SBREAK));
}

/// Where writeable regions are, for as many as there could be.
fn regions(report: &mut Report, operation: usize) {
    report.name("flash-start", FLASH_START);
    for number in [0, 1, 2, usize::MAX] {
        report.answer(memop(operation, number));
    }
}
