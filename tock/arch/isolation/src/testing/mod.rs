//! Random layouts of processes, to test a whole MPU with: planning, registers,
//! and a model of what the processor makes of them.

mod layout;
mod random;

pub use layout::{check_random_layouts, Board};

/// What a process may try at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A load.
    Read,
    /// A store.
    Write,
    /// An instruction fetch.
    Execute,
}
