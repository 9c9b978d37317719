//! What a board decides about its processes.

use super::interface::Process;
use super::state::FaultAction;
use crate::platform::chip::Chip;

/// What happens to a process that faults.
pub trait ProcessFaultPolicy {
    /// Decides about `process`, which just faulted.
    fn action(&self, process: &dyn Process) -> FaultAction;
}

/// What a process records about itself for debugging: nothing, in this
/// kernel. The trait is there because upstream's types have it as a parameter.
pub trait ProcessStandardDebug: Default {}

impl ProcessStandardDebug for () {}

/// Which storage a process may use: none, in this kernel. The trait is there
/// because upstream's loader has it as a parameter.
pub trait ProcessStandardStoragePermissionsPolicy<C: Chip, D: ProcessStandardDebug> {}

impl<C: Chip, D: ProcessStandardDebug> ProcessStandardStoragePermissionsPolicy<C, D> for () {}
