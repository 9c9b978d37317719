//! The board as the kernel sees it: drivers, policies, and what happens at a fault.

use crate::assembly::Anchorhold;
use crate::rights::RIGHTS;
use crate::wipe;
use anchorhold_capsules::driver;
use anchorhold_capsules::rights::Rights;
use kernel::debug;
use kernel::hil::time::Alarm;
use kernel::platform::chip::Chip;
use kernel::platform::{KernelResources, ProcessFault, SyscallDriverLookup};
use kernel::process::Process;
use kernel::syscall::SyscallDriver;

/// A board with Anchorhold on top: its drivers beside those of `B`, its rights for
/// all of them, its own answer to faults, and everything else as `B` has it.
pub struct Platform<B, A: Alarm<'static> + 'static> {
    /// The board without Anchorhold.
    pub base: B,
    /// Anchorhold.
    pub anchorhold: Anchorhold<A>,
}

impl<B: SyscallDriverLookup, A: Alarm<'static>> SyscallDriverLookup for Platform<B, A> {
    fn with_driver<F, R>(&self, driver_num: usize, f: F) -> R
    where
        F: FnOnce(Option<&dyn SyscallDriver>) -> R,
    {
        match driver_num {
            driver::EVIDENCE => f(Some(self.anchorhold.evidence)),
            driver::SENSOR => f(Some(self.anchorhold.sensor)),
            driver::VAULT => f(Some(self.anchorhold.vault)),
            _ => self.base.with_driver(driver_num, f),
        }
    }
}

impl<B, A: Alarm<'static>> ProcessFault for Platform<B, A> {
    /// Takes the model's key away and wipes the process's memory; nothing is repaired.
    fn process_fault_hook(&self, process: &dyn Process) -> Result<(), ()> {
        self.anchorhold.vault.wipe(process.processid());
        wipe::memory(process);
        // The real kernel does not tell its board why.
        let name = visible(process.get_process_name());
        debug!("fault: process {} at an unreported place", name);
        Err(())
    }
}

impl<B, A, C> KernelResources<C> for Platform<B, A>
where
    B: KernelResources<C> + SyscallDriverLookup,
    A: Alarm<'static>,
    C: Chip,
{
    type SyscallDriverLookup = Self;
    type SyscallFilter = Rights;
    type ProcessFault = Self;
    type ContextSwitchCallback = B::ContextSwitchCallback;
    type Scheduler = B::Scheduler;
    type SchedulerTimer = B::SchedulerTimer;
    type WatchDog = B::WatchDog;

    fn syscall_driver_lookup(&self) -> &Self {
        self
    }
    fn syscall_filter(&self) -> &Rights {
        &RIGHTS
    }
    fn process_fault(&self) -> &Self {
        self
    }
    fn context_switch_callback(&self) -> &Self::ContextSwitchCallback {
        self.base.context_switch_callback()
    }
    fn scheduler(&self) -> &Self::Scheduler {
        self.base.scheduler()
    }
    fn scheduler_timer(&self) -> &Self::SchedulerTimer {
        self.base.scheduler_timer()
    }
    fn watchdog(&self) -> &Self::WatchDog {
        self.base.watchdog()
    }
}

/// A name that cannot forge lines of the log.
fn visible(name: &'static str) -> &'static str {
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()) {
        name
    } else {
        "(unnamed)"
    }
}
