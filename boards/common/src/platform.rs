//! The board as the kernel sees it: which driver has which number, which
//! policies apply, and what happens at a fault.

use crate::anchorhold::{BoardEvidence, BoardSensor};
use crate::rights::RIGHTS;
use crate::time::ProcessAlarm;
use anchorhold_capsules::driver;
use anchorhold_capsules::rights::Rights;
use anchorhold_capsules::vault::Vault;
use capsules_core::alarm;
use capsules_core::console::{self, Console};
use capsules_core::low_level_debug::{self, LowLevelDebug};
use capsules_core::virtualizers::virtual_uart::UartDevice;
use capsules_system::scheduler::round_robin::RoundRobinSched;
use kernel::hil::time::Alarm;
use kernel::platform::chip::Chip;
use kernel::platform::scheduler_timer::SchedulerTimer;
use kernel::platform::{KernelResources, ProcessFault, SyscallDriverLookup};
use kernel::process::Process;
use kernel::syscall::SyscallDriver;

/// The low-level debug driver.
pub(crate) type ProcessDebug = LowLevelDebug<'static, UartDevice<'static>>;

/// Everything that processes can reach, and what decides about them.
pub(crate) struct Platform<T: Alarm<'static> + 'static, S: 'static> {
    /// Driver 0x1.
    pub console: &'static Console<'static>,
    /// Driver 0x0.
    pub alarm: &'static ProcessAlarm<T>,
    /// Driver 0x8.
    pub low_level_debug: &'static ProcessDebug,
    /// Driver 0xA0001.
    pub evidence: &'static BoardEvidence<T>,
    /// Driver 0xA0002.
    pub sensor: &'static BoardSensor<T>,
    /// Driver 0xA0003.
    pub vault: &'static Vault<'static>,
    /// Who runs next.
    pub scheduler: &'static RoundRobinSched<'static>,
    /// For how long.
    pub time_slices: &'static S,
}

impl<T: Alarm<'static>, S> SyscallDriverLookup for Platform<T, S> {
    fn with_driver<F, R>(&self, driver_num: usize, f: F) -> R
    where
        F: FnOnce(Option<&dyn SyscallDriver>) -> R,
    {
        match driver_num {
            alarm::DRIVER_NUM => f(Some(self.alarm)),
            console::DRIVER_NUM => f(Some(self.console)),
            low_level_debug::DRIVER_NUM => f(Some(self.low_level_debug)),
            driver::EVIDENCE => f(Some(self.evidence)),
            driver::SENSOR => f(Some(self.sensor)),
            driver::VAULT => f(Some(self.vault)),
            _ => f(None),
        }
    }
}

impl<T: Alarm<'static>, S> ProcessFault for Platform<T, S> {
    /// Takes the model's key away at once; nothing is repaired.
    fn process_fault_hook(&self, process: &dyn Process) -> Result<(), ()> {
        self.vault.wipe(process.processid());
        Err(())
    }
}

impl<C: Chip, T: Alarm<'static>, S: SchedulerTimer> KernelResources<C> for Platform<T, S> {
    type SyscallDriverLookup = Self;
    type SyscallFilter = Rights;
    type ProcessFault = Self;
    type ContextSwitchCallback = ();
    type Scheduler = RoundRobinSched<'static>;
    type SchedulerTimer = S;
    type WatchDog = ();

    fn syscall_driver_lookup(&self) -> &Self {
        self
    }
    fn syscall_filter(&self) -> &Rights {
        &RIGHTS
    }
    fn process_fault(&self) -> &Self {
        self
    }
    fn context_switch_callback(&self) -> &() {
        &()
    }
    fn scheduler(&self) -> &RoundRobinSched<'static> {
        self.scheduler
    }
    fn scheduler_timer(&self) -> &S {
        self.time_slices
    }
    fn watchdog(&self) -> &() {
        &()
    }
}
