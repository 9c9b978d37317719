//! The board as the kernel sees it: which driver has which number, which
//! policies apply, and what happens at a fault.

use crate::anchorhold::Anchorhold;
use crate::rights::RIGHTS;
use anchorhold_capsules::driver;
use anchorhold_capsules::rights::Rights;
use capsules_core::rng;
use kernel::hil::time::Alarm;
use kernel::platform::chip::Chip;
use kernel::platform::{KernelResources, ProcessFault, SyscallDriverLookup};
use kernel::process::Process;
use kernel::syscall::SyscallDriver;

/// A board with Anchorhold on top: its drivers beside those of `B`, one table of rights
/// for all of them, and for everything else what `B` has.
pub(crate) struct Platform<B, T: Alarm<'static> + 'static> {
    /// The board without Anchorhold.
    pub base: B,
    /// Drivers 0xA0001 to 0xA0003.
    pub anchorhold: Anchorhold<T>,
    /// Driver 0x40001, if the board without Anchorhold does not have it.
    pub random: Option<&'static dyn SyscallDriver>,
    /// What the kernel leaves to the board at a fault.
    pub at_fault: fn(&dyn Process),
}

impl<B: SyscallDriverLookup, T: Alarm<'static>> SyscallDriverLookup for Platform<B, T> {
    fn with_driver<F, R>(&self, driver_num: usize, f: F) -> R
    where
        F: FnOnce(Option<&dyn SyscallDriver>) -> R,
    {
        match driver_num {
            driver::EVIDENCE => f(Some(self.anchorhold.evidence)),
            driver::SENSOR => f(Some(self.anchorhold.sensor)),
            driver::VAULT => f(Some(self.anchorhold.vault)),
            rng::DRIVER_NUM if self.random.is_some() => f(self.random),
            _ => self.base.with_driver(driver_num, f),
        }
    }
}

impl<B, T: Alarm<'static>> ProcessFault for Platform<B, T> {
    /// Takes the model's key away at once; nothing is repaired.
    fn process_fault_hook(&self, process: &dyn Process) -> Result<(), ()> {
        self.anchorhold.vault.wipe(process.processid());
        (self.at_fault)(process);
        Err(())
    }
}

impl<C, B, T> KernelResources<C> for Platform<B, T>
where
    C: Chip,
    B: KernelResources<C> + SyscallDriverLookup,
    T: Alarm<'static>,
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
    fn context_switch_callback(&self) -> &B::ContextSwitchCallback {
        self.base.context_switch_callback()
    }
    fn scheduler(&self) -> &B::Scheduler {
        self.base.scheduler()
    }
    fn scheduler_timer(&self) -> &B::SchedulerTimer {
        self.base.scheduler_timer()
    }
    fn watchdog(&self) -> &B::WatchDog {
        self.base.watchdog()
    }
}
