//! Restarting a process that missed its deadline, with wiped memory.

use crate::wipe;
use anchorhold_capsules::restart::Restart;
use kernel::capabilities::ProcessManagementCapability;
use kernel::{Kernel, ProcessId};

/// Wipes what the process can reach, then restarts it: the real kernel leaves memory
/// as it was.
pub struct WipingRestart<C: ProcessManagementCapability> {
    kernel: &'static Kernel,
    capability: C,
}

impl<C: ProcessManagementCapability> WipingRestart<C> {
    /// The power to restart processes of this kernel.
    pub const fn new(kernel: &'static Kernel, capability: C) -> WipingRestart<C> {
        WipingRestart { kernel, capability }
    }
}

impl<C: ProcessManagementCapability> Restart for WipingRestart<C> {
    fn restart(&self, process: ProcessId) {
        self.kernel.process_map_or_external(
            (),
            process,
            |process| {
                wipe::memory(process);
                process.try_restart(None);
            },
            &self.capability,
        );
    }
}
