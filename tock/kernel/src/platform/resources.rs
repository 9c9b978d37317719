//! What a board gives to the kernel loop.

use crate::errorcode::ErrorCode;
use crate::platform::chip::Chip;
use crate::platform::scheduler_timer::SchedulerTimer;
use crate::platform::watchdog::WatchDog;
use crate::process::Process;
use crate::scheduler::Scheduler;
use crate::syscall::{Syscall, SyscallDriver};

/// A board: drivers, policies and timers.
pub trait KernelResources<C: Chip> {
    /// Finds the driver with a number.
    type SyscallDriverLookup: SyscallDriverLookup;
    /// Decides which process may make which system call.
    type SyscallFilter: SyscallFilter;
    /// Gets a chance to repair a fault.
    type ProcessFault: ProcessFault;
    /// Hears of every switch into a process.
    type ContextSwitchCallback: ContextSwitchCallback;
    /// Chooses which process runs.
    type Scheduler: Scheduler<C>;
    /// Ends time slices.
    type SchedulerTimer: SchedulerTimer;
    /// Resets a kernel that hangs.
    type WatchDog: WatchDog;

    /// See [`Self::SyscallDriverLookup`].
    fn syscall_driver_lookup(&self) -> &Self::SyscallDriverLookup;
    /// See [`Self::SyscallFilter`].
    fn syscall_filter(&self) -> &Self::SyscallFilter;
    /// See [`Self::ProcessFault`].
    fn process_fault(&self) -> &Self::ProcessFault;
    /// See [`Self::ContextSwitchCallback`].
    fn context_switch_callback(&self) -> &Self::ContextSwitchCallback;
    /// See [`Self::Scheduler`].
    fn scheduler(&self) -> &Self::Scheduler;
    /// See [`Self::SchedulerTimer`].
    fn scheduler_timer(&self) -> &Self::SchedulerTimer;
    /// See [`Self::WatchDog`].
    fn watchdog(&self) -> &Self::WatchDog;
}

/// Finds system call drivers.
pub trait SyscallDriverLookup {
    /// Calls `f` with the driver that has number `driver_num`, or with `None`.
    fn with_driver<F, R>(&self, driver_num: usize, f: F) -> R
    where
        F: FnOnce(Option<&dyn SyscallDriver>) -> R;
}

/// Decides which process may make which system call.
pub trait SyscallFilter {
    /// Asked before every subscribe, command and allow. An error goes back to
    /// the process as the failure of that call, and the driver does not hear
    /// of it.
    fn filter_syscall(&self, _process: &dyn Process, _syscall: &Syscall) -> Result<(), ErrorCode> {
        Ok(())
    }
}

/// Everything is allowed.
impl SyscallFilter for () {}

/// Gets a chance to repair a fault.
pub trait ProcessFault {
    /// Called when `process` faulted. `Ok` lets it go on as if nothing had
    /// happened, so the cause must be gone.
    #[allow(clippy::result_unit_err)] // Tock's interface
    fn process_fault_hook(&self, _process: &dyn Process) -> Result<(), ()> {
        Err(())
    }
}

/// Nothing is repaired.
impl ProcessFault for () {}

/// Hears of every switch into a process.
pub trait ContextSwitchCallback {
    /// Called right before `process` runs.
    fn context_switch_hook(&self, process: &dyn Process);
}

/// Nobody listens.
impl ContextSwitchCallback for () {
    fn context_switch_hook(&self, _process: &dyn Process) {}
}
