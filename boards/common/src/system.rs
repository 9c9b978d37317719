//! The whole system, from the chip on.

use crate::anchorhold::{self, AnchorholdPlaces};
use crate::devices::Devices;
use crate::duties::Duties;
use crate::essentials::{self, EssentialPlaces};
use crate::place::{keep, places};
use crate::platform::Platform;
use crate::processes::{self, ProcessPlaces, PROCESSES};
use crate::time::BoardAlarms;
use anchorhold_evidence::DebugStatus;
use kernel::capabilities::{
    MainLoopCapability, MemoryAllocationCapability, ProcessManagementCapability,
    SetDebugWriterCapability,
};
use kernel::hil::time::Alarm;
use kernel::hil::uart::Uart;
use kernel::ipc::IPC;
use kernel::platform::chip::Chip;
use kernel::platform::scheduler_timer::SchedulerTimer;
use kernel::platform::{KernelResources, SyscallDriverLookup};
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

/// What Anchorhold finds on a board, whoever made the board's own drivers.
pub struct Site<C: 'static> {
    /// The board's name, for the log.
    pub name: &'static str,
    /// The processor.
    pub chip: &'static C,
    /// Whether the board's debug port is closed.
    pub debug_port: DebugStatus,
    /// What the kernel leaves to the board.
    pub duties: Duties,
    /// The kernel's own image, as it was flashed. In two parts, because no slice
    /// begins at address 0, and some flash does.
    pub image: [&'static [u8]; 2],
    /// The flash that applications and sealed models are in.
    pub applications: &'static [u8],
    /// The memory that processes live in.
    pub memory: &'static mut [u8],
}

/// A chip that has been brought up, and what of it is for whom.
pub struct Hardware<C: 'static, T: Alarm<'static> + 'static, S: 'static> {
    /// The serial port.
    pub uart: &'static dyn Uart<'static>,
    /// The timer of all alarms.
    pub timer: &'static T,
    /// The timer of time slices: of its own, or one of the alarms.
    pub time_slices: fn(&'static C, &'static BoardAlarms<T>) -> &'static S,
    /// What is for Anchorhold.
    pub site: Site<C>,
}

/// Static memory for everything that the system consists of. A chip decides how
/// much; a board has one.
pub struct Places<C: Chip + 'static, T: Alarm<'static> + 'static, K: Authority> {
    kernel: KernelPlaces,
    essentials: EssentialPlaces<T>,
    site: SitePlaces<C, T, K>,
}

/// Static memory for Anchorhold and the processes.
pub struct SitePlaces<C: Chip + 'static, T: Alarm<'static> + 'static, K: Authority> {
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
            essentials: EssentialPlaces::new(),
            site: SitePlaces::new(),
        }
    }
}

impl<C: Chip, T: Alarm<'static>, K: Authority> SitePlaces<C, T, K> {
    /// Memory with nothing in it.
    #[allow(clippy::new_without_default)] // for statics only
    pub const fn new() -> Self {
        SitePlaces {
            anchorhold: AnchorholdPlaces::new(),
            processes: ProcessPlaces::new(),
        }
    }
}

/// Wires everything and runs it. `devices` are made once the log is there.
///
/// # Panics
///
/// Unless deferred calls and the log have been initialised for the chip's
/// thread.
pub fn run<C: Chip, T: Alarm<'static>, S: SchedulerTimer, K: Authority>(
    places: &'static mut Places<C, T, K>,
    hardware: Hardware<C, T, S>,
    devices: impl FnOnce(&'static Kernel) -> Devices,
    authority: K,
) -> ! {
    let slots = keep(&mut places.kernel.slots, ProcessArray::new());
    let kernel = keep(&mut places.kernel.kernel, Kernel::new(slots.as_slice()));
    let (base, alarms) = essentials::wire(
        &mut places.essentials,
        hardware.uart,
        hardware.timer,
        |alarms| (hardware.time_slices)(hardware.site.chip, alarms),
        slots,
        kernel,
        authority,
    );
    run_on(
        &mut places.site,
        base,
        alarms,
        hardware.site,
        &devices(kernel),
        kernel,
        authority,
    )
}

/// Wires Anchorhold on top of a board that has drivers and a scheduler, and runs it.
///
/// # Panics
///
/// As [`run`].
pub fn run_on<C: Chip, T: Alarm<'static>, K: Authority>(
    places: &'static mut SitePlaces<C, T, K>,
    base: impl KernelResources<C> + SyscallDriverLookup,
    alarms: &'static BoardAlarms<T>,
    site: Site<C>,
    devices: &Devices,
    kernel: &'static Kernel,
    authority: K,
) -> ! {
    let anchorhold = anchorhold::wire(
        &mut places.anchorhold,
        &site,
        devices,
        alarms,
        kernel,
        authority,
    );
    let loader = processes::wire(
        &mut places.processes,
        site.chip,
        anchorhold.keys,
        site.applications,
        site.memory,
        kernel,
        authority,
    );
    if let Some(client) = site.duties.loading {
        loader.set_client(client);
    }
    let platform = Platform {
        base,
        anchorhold,
        random: devices.random,
        at_fault: site.duties.at_fault,
    };

    debug!("anchorhold {} on {}", env!("CARGO_PKG_VERSION"), site.name);
    loader.start();
    platform.anchorhold.evidence.start();
    kernel.kernel_loop(&platform, site.chip, None::<&IPC<0>>, &authority)
}
