//! Flash, which may be shared to be read and not to be written.

use crate::behaviour::{behaviour, Behaviour};
use crate::calls::{allow, memop, operation, ALLOW_READABLE, ALLOW_RO, ALLOW_RW, CONSOLE};
use crate::layout::{flash_end, FLASH_START};
use crate::report::Report;

/// Constants are in flash.
static CONSTANT: [u8; 16] = [5; 16];

pub const BEHAVIOURS: &[Behaviour] = &[
    behaviour("104/4.5", "read-only-flash", |report| {
        let constant = constant(report);
        report.answer(allow(ALLOW_RO, CONSOLE, 0, [constant, 16]));
        report.answer(allow(ALLOW_RO, CONSOLE, 0, [0, 0]));
    }),
    behaviour("104/4.5", "read-write-flash", |report| {
        let constant = constant(report);
        report.answer(allow(ALLOW_RW, CONSOLE, 0, [constant, 16]));
    }),
    behaviour("readable/2.1", "readable-flash", |report| {
        let constant = constant(report);
        report.answer(allow(ALLOW_READABLE, CONSOLE, 0, [constant, 16]));
    }),
    behaviour("tock", "read-only-header", |report| {
        share(report, "flash-start", FLASH_START, 16);
    }),
    behaviour("104/4.5", "read-only-before-flash", |report| {
        share(report, "flash-start", FLASH_START - 4, 4);
    }),
    behaviour("104/4.5", "read-only-up-to-flash-end", |report| {
        share(report, "flash-end", flash_end() - 4, 4);
        report.answer(allow(ALLOW_RO, CONSOLE, 0, [0, 0]));
    }),
    behaviour("104/4.5", "read-only-across-flash-end", |report| {
        share(report, "flash-end", flash_end() - 4, 5);
    }),
    behaviour("104/4.5", "read-only-behind-flash", |report| {
        share(report, "flash-end", flash_end(), 1);
    }),
    behaviour("104/4.5", "read-only-and-read-write-are-apart", |report| {
        let buffer = report.name("buffer", memop(operation::SBREAK, 32)[1]);
        allow(ALLOW_RO, CONSOLE, 0, [buffer, 16]);
        report.answer(allow(ALLOW_RW, CONSOLE, 0, [buffer, 32]));
        report.answer(allow(ALLOW_RO, CONSOLE, 0, [0, 0]));
    }),
];

fn constant(report: &mut Report) -> usize {
    report.name("constant", CONSTANT.as_ptr().addr())
}

fn share(report: &mut Report, name: &'static str, address: usize, length: usize) {
    report.name(name, address);
    report.answer(allow(ALLOW_RO, CONSOLE, 0, [address, length]));
}
