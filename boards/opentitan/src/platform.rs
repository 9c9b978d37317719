//! The board as the kernel sees it: which driver has which number, which
//! policies apply, and what happens at a fault.

use crate::rights::RIGHTS;
use anchorhold_capsules::rights::Rights;
use anchorhold_capsules::{driver, evidence::Evidence, sensor::Sensor, vault::Vault};
use capsules_core::alarm::{self, AlarmDriver};
use capsules_core::console::{self, Console};
use capsules_core::low_level_debug::{self, LowLevelDebug};
use capsules_core::virtualizers::virtual_alarm::VirtualMuxAlarm;
use capsules_core::virtualizers::virtual_uart::UartDevice;
use capsules_system::scheduler::round_robin::RoundRobinSched;
use capsules_system::virtual_scheduler_timer::VirtualSchedulerTimer;
use earlgrey::chip::EarlGrey;
use kernel::platform::{KernelResources, ProcessFault, SyscallDriverLookup};
use kernel::process::{Process, SequentialProcessLoaderMachine};
use kernel::syscall::SyscallDriver;
use lowrisc::timer::Timer;

/// One of the alarms on the chip's timer.
pub type BoardAlarm = VirtualMuxAlarm<'static, Timer<'static>>;
/// Time slices on one of them.
pub type TimeSlices = VirtualSchedulerTimer<BoardAlarm>;
/// The processes' alarm driver.
pub type ProcessAlarm = AlarmDriver<'static, BoardAlarm>;
/// The low-level debug driver.
pub type ProcessDebug = LowLevelDebug<'static, UartDevice<'static>>;
/// The evidence capsule.
pub type BoardEvidence = Evidence<'static, BoardAlarm>;
/// The sensor capsule.
pub type BoardSensor = Sensor<'static, BoardAlarm>;
/// The process loader; processes record nothing about themselves for debugging.
pub type Loader = SequentialProcessLoaderMachine<'static, EarlGrey, ()>;

/// Everything that processes can reach, and what decides about them.
pub struct Platform {
    /// Driver 0x1.
    pub console: &'static Console<'static>,
    /// Driver 0x0.
    pub alarm: &'static ProcessAlarm,
    /// Driver 0x8.
    pub low_level_debug: &'static ProcessDebug,
    /// Driver 0xA0001.
    pub evidence: &'static BoardEvidence,
    /// Driver 0xA0002.
    pub sensor: &'static BoardSensor,
    /// Driver 0xA0003.
    pub vault: &'static Vault<'static>,
    /// Who runs next.
    pub scheduler: &'static RoundRobinSched<'static>,
    /// For how long.
    pub time_slices: &'static TimeSlices,
}

impl SyscallDriverLookup for Platform {
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

impl ProcessFault for Platform {
    /// Takes the model's key away at once; nothing is repaired.
    fn process_fault_hook(&self, process: &dyn Process) -> Result<(), ()> {
        self.vault.wipe(process.processid());
        Err(())
    }
}

impl KernelResources<EarlGrey> for Platform {
    type SyscallDriverLookup = Self;
    type SyscallFilter = Rights;
    type ProcessFault = Self;
    type ContextSwitchCallback = ();
    type Scheduler = RoundRobinSched<'static>;
    type SchedulerTimer = TimeSlices;
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
    fn scheduler_timer(&self) -> &TimeSlices {
        self.time_slices
    }
    fn watchdog(&self) -> &() {
        &()
    }
}
