//! What to test a whole MPU with, planning, registers, and a model of what the processor
//! makes of them: random layouts of processes, and regions of every size.

mod layout;
mod random;
mod sizes;

pub use layout::{check_random_layouts, Board};
pub use sizes::{lengths, ALIGNMENTS};

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
