//! [`Scheduler`]: which process runs next, and for how long.

use core::num::NonZeroU32;

use crate::deferred_call::DeferredCall;
use crate::platform::chip::Chip;
use crate::process::{ProcessId, StoppedExecutingReason};

/// A scheduling policy. The kernel loop asks it after every piece of work.
pub trait Scheduler<C: Chip> {
    /// What to do next.
    fn next(&self) -> SchedulingDecision;

    /// How the process that [`Self::next`] chose fared: why it stopped, and
    /// how many microseconds it used (`None` if it had no time limit).
    fn result(&self, result: StoppedExecutingReason, execution_time_us: Option<u32>);

    /// Handles interrupts, then deferred calls until another interrupt comes.
    fn execute_kernel_work(&self, chip: &C) {
        chip.service_pending_interrupts();
        while DeferredCall::has_tasks() && !chip.has_pending_interrupts() {
            DeferredCall::service_next_pending();
        }
    }

    /// Whether the kernel's own work comes before any process.
    fn do_kernel_work_now(&self, chip: &C) -> bool {
        chip.has_pending_interrupts() || DeferredCall::has_tasks()
    }

    /// Whether the running process may go on, after an interruption or a
    /// system call.
    fn continue_process(&self, _process: ProcessId, chip: &C) -> bool {
        !(chip.has_pending_interrupts() || DeferredCall::has_tasks())
    }
}

/// What the scheduler wants.
#[derive(Clone, Copy)]
pub enum SchedulingDecision {
    /// Run this process for so many microseconds, or without limit.
    RunProcess((ProcessId, Option<NonZeroU32>)),
    /// Nothing is ready: sleep unless an interrupt is pending.
    TrySleep,
}
