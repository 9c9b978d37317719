//! What a board has below Anchorhold: log, console and low-level debug on a serial port,
//! processes' alarms, and their turns.

use crate::place::{keep, places};
use crate::processes::PROCESSES;
use crate::serial::{Serial, SerialPlaces};
use crate::system::Authority;
use crate::time::{BoardAlarms, ProcessAlarm, Time, TimePlaces};
use crate::{serial, time};
use capsules_core::{alarm, console, low_level_debug};
use capsules_system::scheduler::round_robin::{RoundRobinProcessNode, RoundRobinSched};
use kernel::hil::time::Alarm;
use kernel::hil::uart::Uart;
use kernel::platform::chip::Chip;
use kernel::platform::scheduler_timer::SchedulerTimer;
use kernel::platform::{KernelResources, SyscallDriverLookup};
use kernel::process::ProcessArray;
use kernel::syscall::SyscallDriver;
use kernel::Kernel;

pub(crate) struct EssentialPlaces<T: Alarm<'static> + 'static> {
    serial: SerialPlaces,
    time: TimePlaces<T>,
    turns: TurnPlaces,
}

places! {
    struct TurnPlaces {
        scheduler: RoundRobinSched<'static>,
        nodes: [RoundRobinProcessNode<'static>; PROCESSES],
    }
}

impl<T: Alarm<'static>> EssentialPlaces<T> {
    pub const fn new() -> Self {
        EssentialPlaces {
            serial: SerialPlaces::new(),
            time: TimePlaces::new(),
            turns: TurnPlaces::new(),
        }
    }
}

/// Drivers that every application may have, and who runs next for how long.
pub(crate) struct Essentials<T: Alarm<'static> + 'static, S: 'static> {
    serial: Serial,
    alarm: &'static ProcessAlarm<T>,
    scheduler: &'static RoundRobinSched<'static>,
    time_slices: &'static S,
}

/// Shares serial port, timer and processor out. From here on the kernel's messages are
/// sent. Gives the alarms as well.
pub(crate) fn wire<T: Alarm<'static>, S>(
    places: &'static mut EssentialPlaces<T>,
    uart: &'static dyn Uart<'static>,
    timer: &'static T,
    time_slices: impl FnOnce(&'static BoardAlarms<T>) -> &'static S,
    slots: &'static ProcessArray<PROCESSES>,
    kernel: &'static Kernel,
    authority: impl Authority,
) -> (Essentials<T, S>, &'static BoardAlarms<T>) {
    let serial = serial::wire(&mut places.serial, uart, kernel, authority);
    let Time { alarms, driver } = time::wire(&mut places.time, timer, kernel, authority);
    let scheduler = keep(&mut places.turns.scheduler, RoundRobinSched::new());
    let nodes = keep(
        &mut places.turns.nodes,
        core::array::from_fn(|slot| RoundRobinProcessNode::new(&slots.as_slice()[slot])),
    );
    nodes
        .iter()
        .for_each(|node| scheduler.processes.push_tail(node));
    let essentials = Essentials {
        serial,
        alarm: driver,
        scheduler,
        time_slices: time_slices(alarms),
    };
    (essentials, alarms)
}

impl<T: Alarm<'static>, S> SyscallDriverLookup for Essentials<T, S> {
    fn with_driver<F, R>(&self, driver_num: usize, f: F) -> R
    where
        F: FnOnce(Option<&dyn SyscallDriver>) -> R,
    {
        match driver_num {
            alarm::DRIVER_NUM => f(Some(self.alarm)),
            console::DRIVER_NUM => f(Some(self.serial.console)),
            low_level_debug::DRIVER_NUM => f(Some(self.serial.low_level_debug)),
            _ => f(None),
        }
    }
}

impl<C: Chip, T: Alarm<'static>, S: SchedulerTimer> KernelResources<C> for Essentials<T, S> {
    type SyscallDriverLookup = Self;
    type SyscallFilter = ();
    type ProcessFault = ();
    type ContextSwitchCallback = ();
    type Scheduler = RoundRobinSched<'static>;
    type SchedulerTimer = S;
    type WatchDog = ();

    fn syscall_driver_lookup(&self) -> &Self {
        self
    }
    fn syscall_filter(&self) -> &() {
        &()
    }
    fn process_fault(&self) -> &() {
        &()
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
