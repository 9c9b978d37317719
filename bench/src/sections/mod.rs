//! What can be measured: one file a section.

mod syscalls;

use anchorhold::Error;

use crate::arguments::Arguments;
use crate::table::Table;

/// Something to measure.
#[derive(Debug)]
pub struct Section {
    /// Its name on the command line.
    pub name: &'static str,
    /// Measures it.
    pub measure: fn(&Arguments) -> Result<Table, Error>,
}

/// All of them, in the order in which they are printed.
pub static SECTIONS: [Section; 1] = [Section {
    name: "syscalls",
    measure: syscalls::measure,
}];
