//! Sharing buffers: what Read-Write Allow and Read-Only Allow have in common, and what
//! there is of Userspace Readable Allow.

use crate::behaviour::{behaviour, Behaviour};
use crate::calls::{
    allow, memop, memop_value, operation, subscribe, ALARM, ALLOW_READABLE, ALLOW_RO, ALLOW_RW,
    CONSOLE, FAILURE_WITH_2_U32, NO_DRIVER,
};
use crate::exhaustion::{without_memory, NOMEM};
use crate::layout::RAM_START;
use crate::report::Report;

/// The behaviours that each class has, with its number, its document, and a prefix.
macro_rules! table {
    ($class:expr, $source:literal, $prefix:literal) => {
        &[
            behaviour($source, concat!($prefix, "-first"), |r| first(r, $class)),
            behaviour($source, concat!($prefix, "-second"), |r| second(r, $class)),
            behaviour($source, concat!($prefix, "-numbers-are-apart"), |r| {
                apart(r, $class)
            }),
            behaviour($source, concat!($prefix, "-same-twice"), |r| {
                same_twice(r, $class)
            }),
            behaviour($source, concat!($prefix, "-longer"), |r| longer(r, $class)),
            behaviour($source, concat!($prefix, "-overlapping"), |r| {
                overlapping(r, $class)
            }),
            behaviour($source, concat!($prefix, "-of-zero-bytes"), |r| {
                zero_bytes(r, $class)
            }),
            behaviour($source, concat!($prefix, "-of-zero-bytes-anywhere"), |r| {
                zero_bytes_anywhere(r, $class)
            }),
            behaviour($source, concat!($prefix, "-null"), |r| {
                refused(r, $class, "null", 0, 16)
            }),
            behaviour($source, concat!($prefix, "-up-to-the-break"), |r| {
                up_to_break(r, $class)
            }),
            behaviour($source, concat!($prefix, "-across-the-break"), |r| {
                refused(r, $class, "break", memop_value(operation::SBREAK) - 4, 5)
            }),
            behaviour($source, concat!($prefix, "-at-the-break"), |r| {
                refused(r, $class, "break", memop_value(operation::SBREAK), 1)
            }),
            behaviour($source, concat!($prefix, "-of-own-grant"), |r| {
                subscribe(ALARM, 0, 0, 0);
                refused(
                    r,
                    $class,
                    "grant-start",
                    memop_value(operation::GRANT_START),
                    4,
                )
            }),
            behaviour($source, concat!($prefix, "-at-ram-end"), |r| {
                refused(r, $class, "ram-end", memop_value(operation::RAM_END) - 4, 4)
            }),
            behaviour($source, concat!($prefix, "-across-ram-start"), |r| {
                refused(r, $class, "ram-start", RAM_START - 4, 8)
            }),
            behaviour($source, concat!($prefix, "-of-all-ram"), |r| {
                refused(r, $class, "ram-start", RAM_START, usize::MAX - RAM_START)
            }),
            behaviour($source, concat!($prefix, "-length-wraps"), |r| {
                refused(r, $class, "ram-start", RAM_START, usize::MAX)
            }),
            behaviour($source, concat!($prefix, "-end-wraps-to-zero"), |r| {
                refused(r, $class, "end-of-all", usize::MAX - 15, 16)
            }),
            behaviour($source, concat!($prefix, "-everything"), |r| {
                refused(r, $class, "null", 0, usize::MAX)
            }),
            behaviour($source, concat!($prefix, "-refused-leaves-the-old"), |r| {
                refused_leaves_the_old(r, $class)
            }),
            behaviour("104/4", concat!($prefix, "-number-2-of-2"), |r| {
                number(r, CONSOLE, $class, 2)
            }),
            behaviour("104/4", concat!($prefix, "-number-largest"), |r| {
                number(r, CONSOLE, $class, usize::MAX)
            }),
            behaviour("104/4", concat!($prefix, "-number-0-of-0"), |r| {
                number(r, ALARM, $class, 0)
            }),
            behaviour("104/4", concat!($prefix, "-without-driver"), |r| {
                number(r, NO_DRIVER, $class, 0)
            }),
            behaviour($source, concat!($prefix, "-without-memory"), |r| {
                nowhere(r, $class)
            }),
        ]
    };
}

pub const READ_WRITE: &[Behaviour] = table!(ALLOW_RW, "104/4.4", "read-write");
pub const READ_ONLY: &[Behaviour] = table!(ALLOW_RO, "104/4.5", "read-only");

/// No driver here takes such buffers, but the kernel looks at them first.
pub const READABLE: &[Behaviour] = &[
    behaviour("readable/2.1", "readable-first", |r| {
        first(r, ALLOW_READABLE)
    }),
    behaviour("readable/2.1", "readable-of-zero-bytes-anywhere", |r| {
        zero_bytes_anywhere(r, ALLOW_READABLE)
    }),
    behaviour("readable/2.1", "readable-null", |r| {
        refused(r, ALLOW_READABLE, "null", 0, 16)
    }),
    behaviour("readable/2.1", "readable-across-the-break", |r| {
        refused(
            r,
            ALLOW_READABLE,
            "break",
            memop_value(operation::SBREAK) - 4,
            5,
        )
    }),
    behaviour("104/4", "readable-without-driver", |r| {
        number(r, NO_DRIVER, ALLOW_READABLE, 0)
    }),
];

/// Memory of the process that no variable is in, and that nobody writes to.
fn buffer(report: &mut Report) -> usize {
    report.name("buffer", memop(operation::SBREAK, 64)[1])
}

fn first(report: &mut Report, class: usize) {
    let buffer = buffer(report);
    report.answer(allow(class, CONSOLE, 0, [buffer, 16]));
}

fn second(report: &mut Report, class: usize) {
    let buffer = buffer(report);
    allow(class, CONSOLE, 0, [buffer, 16]);
    report.answer(allow(class, CONSOLE, 0, [buffer + 32, 8]));
    report.answer(allow(class, CONSOLE, 0, [0, 0]));
    report.answer(allow(class, CONSOLE, 0, [0, 0]));
}

fn apart(report: &mut Report, class: usize) {
    let buffer = buffer(report);
    allow(class, CONSOLE, 0, [buffer, 16]);
    report.answer(allow(class, CONSOLE, 1, [buffer + 16, 16]));
    report.answer(allow(class, CONSOLE, 0, [0, 0]));
}

fn same_twice(report: &mut Report, class: usize) {
    let buffer = buffer(report);
    allow(class, CONSOLE, 0, [buffer, 16]);
    report.answer(allow(class, CONSOLE, 0, [buffer, 16]));
}

fn longer(report: &mut Report, class: usize) {
    let buffer = buffer(report);
    allow(class, CONSOLE, 0, [buffer, 16]);
    report.answer(allow(class, CONSOLE, 0, [buffer, 32]));
    report.answer(allow(class, CONSOLE, 0, [0, 0]));
}

fn overlapping(report: &mut Report, class: usize) {
    let buffer = buffer(report);
    allow(class, CONSOLE, 0, [buffer, 32]);
    report.answer(allow(class, CONSOLE, 1, [buffer + 8, 16]));
    report.answer(allow(class, CONSOLE, 1, [0, 0]));
    report.answer(allow(class, CONSOLE, 0, [0, 0]));
}

fn zero_bytes(report: &mut Report, class: usize) {
    let buffer = buffer(report);
    report.answer(allow(class, CONSOLE, 0, [buffer, 0]));
    report.answer(allow(class, CONSOLE, 0, [0, 0]));
}

/// From wherever, and returned as they were.
fn zero_bytes_anywhere(report: &mut Report, class: usize) {
    for address in [1, usize::MAX, RAM_START - 4, 0] {
        report.name("before-ram", RAM_START - 4);
        report.answer(allow(class, CONSOLE, 0, [address, 0]));
    }
}

fn up_to_break(report: &mut Report, class: usize) {
    let end = report.name("break", memop_value(operation::SBREAK));
    report.answer(allow(class, CONSOLE, 0, [end - 4, 4]));
    report.answer(allow(class, CONSOLE, 0, [0, 0]));
}

fn refused(report: &mut Report, class: usize, name: &'static str, address: usize, length: usize) {
    report.name(name, address);
    // How long all of it is depends on where it is.
    report.name("the-length", length);
    report.answer(allow(class, CONSOLE, 0, [address, length]));
}

fn refused_leaves_the_old(report: &mut Report, class: usize) {
    let buffer = buffer(report);
    allow(class, CONSOLE, 0, [buffer, 16]);
    allow(class, CONSOLE, 0, [0, 16]);
    report.answer(allow(class, CONSOLE, 0, [0, 0]));
}

fn number(report: &mut Report, driver: usize, class: usize, number: usize) {
    let buffer = report.name("break", memop_value(operation::SBREAK)) - 4;
    report.answer(allow(class, driver, number, [buffer, 4]));
}

/// A buffer for a driver that has no memory to note it.
fn nowhere(report: &mut Report, class: usize) {
    let refusal = [FAILURE_WITH_2_U32, NOMEM, RAM_START, 4];
    without_memory(report, || allow(class, ALARM, 0, [RAM_START, 4]), &refusal);
}
