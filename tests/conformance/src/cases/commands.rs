//! Command.

use crate::behaviour::{behaviour, Behaviour};
use crate::calls::{allow, command, yield_wait_for, ALARM, ALLOW_RO, CONSOLE, FAILURE, NO_DRIVER};
use crate::events::{alarm, now, ticks, WRITE};
use crate::exhaustion::{without_memory, NOMEM};
use crate::report::Report;

/// A driver that is there, and not for this process.
const VAULT: usize = 0xA0003;

pub const BEHAVIOURS: &[Behaviour] = &[
    behaviour("104/4.3.1", "command-0", |report| {
        report.answer(command(CONSOLE, 0, [0, 0]));
        report.answer(command(ALARM, 0, [0, 0]));
    }),
    behaviour("104/4.3.1", "command-0-with-arguments", |report| {
        report.answer(command(CONSOLE, 0, [usize::MAX, usize::MAX]));
    }),
    behaviour("104/4.3.1", "command-0-without-driver", |report| {
        report.answer(command(NO_DRIVER, 0, [0, 0]));
    }),
    behaviour("104/4.3", "command-1-without-driver", |report| {
        report.answer(command(NO_DRIVER, 1, [1, 2]));
    }),
    behaviour("104/4.3", "command-to-the-largest-driver", |report| {
        report.answer(command(usize::MAX, usize::MAX, [0, 0]));
    }),
    behaviour("104/4.3.1", "command-0-without-right", |report| {
        report.answer(command(VAULT, 0, [0, 0]));
    }),
    // The board gives rights command by command.
    behaviour("104/3.4", "unknown-command", |report| {
        report.answer(command(CONSOLE, 99, [0, 0]));
    }),
    behaviour("104/3.4", "unknown-command-largest", |report| {
        report.answer(command(CONSOLE, usize::MAX, [0, 0]));
    }),
    behaviour("104/3.3", "command-success-with-u32", |report| {
        let [variant, frequency, ..] = command(ALARM, alarm::FREQUENCY, [0, 0]);
        report.value("variant", variant);
        report.check("more than 1000", frequency > 1000);
    }),
    behaviour("104/3.3", "command-returns-what-it-computes", |report| {
        let reference = report.name("reference", now());
        let distance = ticks(1000);
        report.name("reference + distance", reference.wrapping_add(distance));
        report.answer(command(ALARM, alarm::SET_ABSOLUTE, [reference, distance]));
    }),
    behaviour("104/3.3", "command-success", |report| {
        command(ALARM, alarm::SET_RELATIVE, [ticks(1000), 0]);
        report.answer(command(ALARM, alarm::STOP, [0, 0]));
    }),
    behaviour("104/3.3", "command-failure", |report| {
        report.answer(command(ALARM, alarm::STOP, [0, 0]));
    }),
    behaviour("104/3.4", "command-without-memory", |report| {
        let call = || command(ALARM, alarm::SET_RELATIVE, [1, 0]);
        without_memory(report, call, &[FAILURE, NOMEM]);
    }),
    behaviour(
        "104/4.4.1",
        "commands-use-the-buffer-as-it-is",
        shortened_write,
    ),
];

/// A buffer is shared, then a shorter one in its place: a write is as long as that.
fn shortened_write(report: &mut Report) {
    static LONG: [u8; 6] = *b"\n\n\n\n\n\n";
    static SHORT: [u8; 2] = *b"\n\n";
    allow(ALLOW_RO, CONSOLE, WRITE, [LONG.as_ptr().addr(), LONG.len()]);
    allow(
        ALLOW_RO,
        CONSOLE,
        WRITE,
        [SHORT.as_ptr().addr(), SHORT.len()],
    );
    report.answer(command(CONSOLE, WRITE, [LONG.len(), 0]));
    report.value("written", yield_wait_for(CONSOLE, WRITE)[0]);
}
