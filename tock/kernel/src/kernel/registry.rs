//! [`Kernel`]: who the processes are, and which grants there are.

use core::cell::Cell;

use crate::capabilities;
use crate::grant::{AllowRoSize, AllowRwSize, Grant, UpcallSize};
use crate::process::{Process, ProcessId, ProcessSlot};

/// The kernel.
pub struct Kernel {
    processes: &'static [ProcessSlot],
    /// The next process's identifier.
    next_identifier: Cell<usize>,
    /// How many grants have been created.
    grant_count: Cell<usize>,
    /// Set once a process exists: its table of grants has a fixed size.
    grants_finalized: Cell<bool>,
}

impl Kernel {
    /// A kernel with room for that many processes.
    pub const fn new(processes: &'static [ProcessSlot]) -> Kernel {
        Kernel {
            processes,
            next_identifier: Cell::new(0),
            grant_count: Cell::new(0),
            grants_finalized: Cell::new(false),
        }
    }

    pub(crate) fn slots(&self) -> &'static [ProcessSlot] {
        self.processes
    }

    /// The process, unless that run of it is over.
    pub(crate) fn get_process(&self, processid: ProcessId) -> Option<&'static dyn Process> {
        self.processes
            .get(processid.index)?
            .get()
            .filter(|process| process.processid() == processid)
    }

    pub(crate) fn process_map_or<F, R>(&self, default: R, processid: ProcessId, closure: F) -> R
    where
        F: FnOnce(&dyn Process) -> R,
    {
        self.get_process(processid).map_or(default, closure)
    }

    /// Calls `closure` with the process, or returns `default` if that run of
    /// it is over.
    pub fn process_map_or_external<F, R>(
        &self,
        default: R,
        processid: ProcessId,
        closure: F,
        _capability: &dyn capabilities::ProcessManagementCapability,
    ) -> R
    where
        F: FnOnce(&dyn Process) -> R,
    {
        self.process_map_or(default, processid, closure)
    }

    pub(crate) fn process_iter(&self) -> impl Iterator<Item = &'static dyn Process> {
        self.processes.iter().filter_map(ProcessSlot::get)
    }

    /// Creates the grant of a driver.
    ///
    /// # Panics
    ///
    /// Once processes exist: a grant must be created during set-up.
    pub fn create_grant<
        T: Default,
        Upcalls: UpcallSize,
        AllowROs: AllowRoSize,
        AllowRWs: AllowRwSize,
    >(
        &'static self,
        driver_num: usize,
        _capability: &dyn capabilities::MemoryAllocationCapability,
    ) -> Grant<T, Upcalls, AllowROs, AllowRWs> {
        if self.grants_finalized.get() {
            panic!("grant for driver {driver_num:#x} created after the first process");
        }
        let grant_num = self.grant_count.get();
        self.grant_count.set(grant_num + 1);
        Grant::new(self, driver_num, grant_num)
    }

    /// How many grants there are; from now on there will be no more.
    pub(crate) fn finalize_grants(&self) -> usize {
        self.grants_finalized.set(true);
        self.grant_count.get()
    }

    pub(crate) fn create_process_identifier(&self) -> usize {
        let identifier = self.next_identifier.get();
        self.next_identifier.set(identifier.wrapping_add(1));
        identifier
    }

    /// A slot without a process, and its number.
    pub(crate) fn free_slot(&self) -> Option<(usize, &'static ProcessSlot)> {
        self.processes
            .iter()
            .enumerate()
            .find(|(_, slot)| slot.get().is_none())
    }
}
