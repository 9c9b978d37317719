//! The whole system, from the chip on.

use crate::anchorhold::{self, AnchorholdPlaces};
use crate::devices::{self, DevicePlaces};
use crate::place::{keep, places};
use crate::platform::Platform;
use crate::processes::{self, ProcessPlaces, PROCESSES};
use crate::serial::{self, SerialPlaces};
use crate::time::{self, BoardAlarms, TimePlaces};
use kernel::capabilities::{
    MainLoopCapability, MemoryAllocationCapability, ProcessManagementCapability,
    SetDebugWriterCapability,
};
use kernel::hil::time::Alarm;
use kernel::hil::uart::Uart;
use kernel::ipc::IPC;
use kernel::platform::chip::Chip;
use kernel::platform::scheduler_timer::SchedulerTimer;
use kernel::process::{ProcessArray, ProcessLoadingAsync};
use kernel::{debug, Kernel};

/// What only a board may do, and lets this crate do for it: implement it with
/// the capabilities.
pub trait Authority:
    MainLoopCapability
    + MemoryAllocationCapability
    + ProcessManagementCapability
    + SetDebugWriterCapability
    + Copy
    + 'static
{
}

/// A chip that has been brought up, and what of it is for whom.
pub struct Hardware<C: 'static, T: Alarm<'static> + 'static, S: 'static> {
    /// The board's name, for the log.
    pub name: &'static str,
    /// The processor.
    pub chip: &'static C,
    /// The serial port.
    pub uart: &'static dyn Uart<'static>,
    /// The timer of all alarms.
    pub timer: &'static T,
    /// The timer of time slices: of its own, or one of the alarms.
    pub time_slices: fn(&'static C, &'static BoardAlarms<T>) -> &'static S,
    /// The kernel's own image, as it was flashed. In two parts, because no slice
    /// begins at address 0, and some flash does.
    pub image: [&'static [u8]; 2],
    /// The flash that applications and sealed models are in.
    pub applications: &'static [u8],
    /// The memory that processes live in.
    pub memory: &'static mut [u8],
}

/// Static memory for everything that the system consists of. A chip decides how
/// much; a board has one.
pub struct Places<C: Chip + 'static, T: Alarm<'static> + 'static, K: Authority> {
    kernel: KernelPlaces,
    serial: SerialPlaces,
    time: TimePlaces<T>,
    devices: DevicePlaces,
    anchorhold: AnchorholdPlaces<T, K>,
    processes: ProcessPlaces<C>,
}

places! {
    struct KernelPlaces {
        slots: ProcessArray<PROCESSES>,
        kernel: Kernel,
    }
}

impl<C: Chip, T: Alarm<'static>, K: Authority> Places<C, T, K> {
    /// Memory with nothing in it.
    #[allow(clippy::new_without_default)] // for statics only
    pub const fn new() -> Self {
        Places {
            kernel: KernelPlaces::new(),
            serial: SerialPlaces::new(),
            time: TimePlaces::new(),
            devices: DevicePlaces::new(),
            anchorhold: AnchorholdPlaces::new(),
            processes: ProcessPlaces::new(),
        }
    }
}

/// Wires everything and runs it.
///
/// # Panics
///
/// Unless deferred calls and the log have been initialised for the chip's
/// thread.
pub fn run<C: Chip, T: Alarm<'static>, S: SchedulerTimer, K: Authority>(
    places: &'static mut Places<C, T, K>,
    hardware: Hardware<C, T, S>,
    authority: K,
) -> ! {
    let slots = keep(&mut places.kernel.slots, ProcessArray::new());
    let kernel = keep(&mut places.kernel.kernel, Kernel::new(slots.as_slice()));

    let serial = serial::wire(&mut places.serial, hardware.uart, kernel, authority);
    let time = time::wire(&mut places.time, hardware.timer, kernel, authority);
    let devices = devices::wire(&mut places.devices);
    let anchorhold = anchorhold::wire(
        &mut places.anchorhold,
        &devices,
        &time,
        hardware.image,
        hardware.applications,
        kernel,
        authority,
    );
    let processes = processes::wire(
        &mut places.processes,
        hardware.chip,
        anchorhold.keys,
        processes::Homes {
            flash: hardware.applications,
            memory: hardware.memory,
        },
        slots,
        kernel,
        authority,
    );
    let platform = Platform {
        console: serial.console,
        alarm: time.driver,
        low_level_debug: serial.low_level_debug,
        evidence: anchorhold.evidence,
        sensor: anchorhold.sensor,
        vault: anchorhold.vault,
        scheduler: processes.scheduler,
        time_slices: (hardware.time_slices)(hardware.chip, time.alarms),
    };

    debug!(
        "anchorhold {} on {}",
        env!("CARGO_PKG_VERSION"),
        hardware.name
    );
    processes.loader.start();
    anchorhold.evidence.start();
    kernel.kernel_loop(&platform, hardware.chip, None::<&IPC<0>>, &authority)
}
