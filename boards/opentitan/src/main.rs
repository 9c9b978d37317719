//! Anchorhold on OpenTitan Earl Grey, as QEMU 7.2 emulates it: brings the chip
//! up. The rest is what all boards share.

#![no_std]
#![no_main]

use anchorhold_board::host::{self, HostPlaces};
use anchorhold_board::{Authority, BoardAlarm, Duties, Hardware, Places, Site, BAUD};
use anchorhold_evidence::DebugStatus;
use capsules_system::virtual_scheduler_timer::VirtualSchedulerTimer;
use core::panic::PanicInfo;
use core::slice;
use earlgrey::{chip::EarlGrey, map, Peripherals};
use kernel::capabilities::{
    MainLoopCapability, MemoryAllocationCapability, ProcessManagementCapability,
    SetDebugWriterCapability,
};
use kernel::platform::chip::Chip;
use kernel::static_init;
use lowrisc::timer::Timer;
use rv32i::thread_id::RiscvThreadIdProvider;
use serial::PolledWriter;

/// Time slices on one of the alarms.
type TimeSlices = VirtualSchedulerTimer<BoardAlarm<Timer<'static>>>;

/// What the board may do.
#[derive(Clone, Copy)]
struct Board;
// SAFETY: the board makes one, and hands it to what it runs alone.
unsafe impl MainLoopCapability for Board {}
// SAFETY: as above.
unsafe impl MemoryAllocationCapability for Board {}
// SAFETY: as above.
unsafe impl ProcessManagementCapability for Board {}
// SAFETY: as above.
unsafe impl SetDebugWriterCapability for Board {}
impl Authority for Board {}

/// Brings the board up and runs it.
///
/// # Safety
///
/// Once, at reset: it claims every static buffer and the whole chip.
unsafe fn run() -> ! {
    kernel::deferred_call::initialize_deferred_call_state_unsafe::<RiscvThreadIdProvider>();
    kernel::debug::initialize_debug_writer_wrapper_unsafe::<RiscvThreadIdProvider>();
    EarlGrey::init();
    if earlgrey::lock_down().is_err() {
        panic!("memory protection is not in force");
    }
    let peripherals = &*static_init!(Peripherals, Peripherals::new());
    peripherals.start();
    let hardware = Hardware {
        uart: &peripherals.uart0,
        timer: &peripherals.timer,
        time_slices: |_, alarms| {
            let alarm = &*static_init!(BoardAlarm<Timer>, BoardAlarm::new(alarms));
            alarm.setup();
            static_init!(TimeSlices, VirtualSchedulerTimer::new(alarm))
        },
        site: Site {
            name: "opentitan",
            chip: &*static_init!(EarlGrey, EarlGrey::new(peripherals)),
            // An emulator hides nothing.
            debug_port: DebugStatus::Enabled,
            duties: Duties::NONE,
            image: [image(), &[]],
            applications: flash(map::APPLICATION_FLASH),
            memory: application_memory(),
        },
    };
    let places = static_init!(Places<EarlGrey, Timer, Board>, Places::new());
    let files = static_init!(HostPlaces, HostPlaces::new());
    anchorhold_board::run(places, hardware, |_| host::open(files), Board)
}

/// A part of flash, which nothing writes while the kernel runs.
fn flash((start, length): (usize, usize)) -> &'static [u8] {
    // SAFETY: the map says that flash is there; neither the kernel nor any
    // process has the right to write it (see `earlgrey::lock_down`).
    unsafe { slice::from_raw_parts(start as *const u8, length) }
}

/// The kernel's own image, as it was flashed.
fn image() -> &'static [u8] {
    extern "C" {
        static _image_end: u8;
    }
    // Only the linker script's address is used, not what is there.
    let end = &raw const _image_end as usize;
    let start = map::KERNEL_IMAGE.0;
    flash((start, end - start))
}

/// The memory that processes live in.
///
/// # Safety
///
/// Once: the slice is unique.
unsafe fn application_memory() -> &'static mut [u8] {
    let (start, length) = map::APPLICATION_RAM;
    slice::from_raw_parts_mut(start as *mut u8, length)
}

/// Where reset arrives once memory is set up.
#[no_mangle]
extern "C" fn main() -> ! {
    // SAFETY: only the start-up code calls this, once.
    unsafe { run() }
}

/// Writes what the log still holds and where it stopped to the serial port, and ends the
/// emulation with an error.
#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    let mut writer = PolledWriter::new(earlgrey::UART0, BAUD);
    kernel::debug::flush(&mut writer);
    anchorhold_board::report_panic(&mut writer, info, rv32i::kernel_fault());
    writer.flush();
    semihosting::exit(1)
}
