//! Restarting a process that missed its deadline.

use kernel::capabilities::ProcessManagementCapability;
use kernel::process::Process;
use kernel::{Kernel, ProcessId};

/// The power to restart a process.
pub trait Restart {
    /// Restarts the process, if it still runs. It comes back under another identifier.
    fn restart(&self, process: ProcessId);
}

/// Restarts through the kernel, with a capability that the board grants.
pub struct KernelRestart<C: ProcessManagementCapability> {
    kernel: &'static Kernel,
    capability: C,
    before: fn(&dyn Process),
}

impl<C: ProcessManagementCapability> KernelRestart<C> {
    /// The power to restart processes of this kernel. `before` does what the kernel
    /// leaves to its board, such as wiping the process's memory.
    pub fn new(
        kernel: &'static Kernel,
        capability: C,
        before: fn(&dyn Process),
    ) -> KernelRestart<C> {
        KernelRestart {
            kernel,
            capability,
            before,
        }
    }
}

impl<C: ProcessManagementCapability> Restart for KernelRestart<C> {
    fn restart(&self, process: ProcessId) {
        self.kernel.process_map_or_external(
            (),
            process,
            |process| {
                (self.before)(process);
                process.try_restart(None);
            },
            &self.capability,
        );
    }
}
