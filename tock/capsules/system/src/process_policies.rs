//! What can become of a process that faults.

use kernel::process::{FaultAction, Process, ProcessFaultPolicy};

/// The kernel panics: for boards under development.
pub struct PanicFaultPolicy {}

impl ProcessFaultPolicy for PanicFaultPolicy {
    fn action(&self, _process: &dyn Process) -> FaultAction {
        FaultAction::Panic
    }
}

/// The process stays stopped.
pub struct StopFaultPolicy {}

impl ProcessFaultPolicy for StopFaultPolicy {
    fn action(&self, _process: &dyn Process) -> FaultAction {
        FaultAction::Stop
    }
}

/// The process restarts, until it has done so more often than the threshold
/// allows; then it stays stopped.
pub struct ThresholdRestartFaultPolicy {
    threshold: usize,
}

impl ThresholdRestartFaultPolicy {
    /// A process restarts as long as it has restarted `threshold` times at
    /// most.
    pub const fn new(threshold: usize) -> ThresholdRestartFaultPolicy {
        ThresholdRestartFaultPolicy { threshold }
    }
}

impl ProcessFaultPolicy for ThresholdRestartFaultPolicy {
    fn action(&self, process: &dyn Process) -> FaultAction {
        if process.get_restart_count() <= self.threshold {
            FaultAction::Restart
        } else {
            kernel::debug!("process {} stays stopped", process.get_process_name());
            FaultAction::Stop
        }
    }
}
