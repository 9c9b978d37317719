//! What can be measured: one file a section.

mod code;
mod engine;
mod peers;
mod sealing;
mod syscalls;

use anchorhold::Error;

use crate::arguments::Arguments;
use crate::table::Table;

/// Something to measure.
#[derive(Debug)]
pub struct Section {
    /// Its name on the command line.
    pub name: &'static str,
    /// Measures it: no tables where what it needs is absent, which is said aloud.
    pub measure: fn(&Arguments) -> Result<Vec<Table>, Error>,
}

/// All of them, in the order in which they are printed.
pub static SECTIONS: [Section; 5] = [
    Section {
        name: "syscalls",
        measure: syscalls::measure,
    },
    Section {
        name: "engine",
        measure: engine::measure,
    },
    Section {
        name: "code",
        measure: code::measure,
    },
    Section {
        name: "peers",
        measure: peers::measure,
    },
    Section {
        name: "sealing",
        measure: sealing::measure,
    },
];
