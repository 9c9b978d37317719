//! Where the kernel keeps its processes.

use core::cell::Cell;

use super::interface::Process;

/// Room for one process.
pub struct ProcessSlot {
    process: Cell<Option<&'static dyn Process>>,
}

impl ProcessSlot {
    pub(crate) fn set(&self, process: &'static dyn Process) {
        self.process.set(Some(process));
    }

    /// The process here, dead or alive.
    pub fn get(&self) -> Option<&'static dyn Process> {
        self.process.get()
    }
}

/// Room for `NUM_PROCS` processes.
pub struct ProcessArray<const NUM_PROCS: usize> {
    processes: [ProcessSlot; NUM_PROCS],
}

impl<const NUM_PROCS: usize> ProcessArray<NUM_PROCS> {
    /// No processes yet.
    #[allow(clippy::new_without_default)] // for statics
    pub const fn new() -> Self {
        Self {
            processes: [const {
                ProcessSlot {
                    process: Cell::new(None),
                }
            }; NUM_PROCS],
        }
    }

    /// The slots.
    pub fn as_slice(&self) -> &[ProcessSlot] {
        &self.processes
    }
}
