//! Anchorhold on Arm's MPS2+ board with the AN386 image, as QEMU emulates it: a
//! Cortex-M4 with the memory map of an nRF52840. Brings the chip up; the rest is
//! what all boards share.

#![no_std]
#![no_main]

use anchorhold_board::host::{self, HostPlaces, RandomPlaces};
use anchorhold_board::{Authority, Duties, Hardware, Places, Site, BAUD};
use anchorhold_evidence::DebugStatus;
use core::panic::PanicInfo;
use core::slice;
use cortexm4::thread_id::CortexMThreadIdProvider;
use kernel::capabilities::{
    MainLoopCapability, MemoryAllocationCapability, ProcessManagementCapability,
    SetDebugWriterCapability,
};
use kernel::platform::chip::Chip;
use kernel::static_init;
use mps2::timer::Timer;
use mps2::{chip::Mps2, map, Peripherals};
use serial::PolledWriter;

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
    kernel::deferred_call::initialize_deferred_call_state_unsafe::<CortexMThreadIdProvider>();
    kernel::debug::initialize_debug_writer_wrapper_unsafe::<CortexMThreadIdProvider>();
    Mps2::init();
    if mps2::lock_down().is_err() {
        panic!("memory protection is not in force");
    }
    let peripherals = &*static_init!(Peripherals, Peripherals::new());
    peripherals.start();
    let hardware = Hardware {
        uart: &peripherals.uart0,
        timer: &peripherals.timer,
        time_slices: |chip: &'static Mps2, _| chip.time_slices(),
        site: Site {
            name: "mps2_an386",
            chip: &*static_init!(Mps2, Mps2::new(peripherals)),
            // An emulator hides nothing.
            debug_port: DebugStatus::Enabled,
            duties: Duties::NONE,
            image: image(),
            applications: flash(map::APPLICATION_FLASH),
            memory: application_memory(),
        },
    };
    let places = static_init!(Places<Mps2, Timer, Board>, Places::new());
    let files = static_init!(HostPlaces, HostPlaces::new());
    let random = static_init!(RandomPlaces, RandomPlaces::new());
    anchorhold_board::run(
        places,
        hardware,
        |kernel| host::open_with_random(files, random, kernel, Board),
        Board,
    )
}

/// A part of flash, which nothing writes while the kernel runs. It must not begin
/// at address 0, where no reference can point.
fn flash((start, length): (usize, usize)) -> &'static [u8] {
    // SAFETY: the map says that flash is there; neither the kernel nor any
    // process has the right to write it (see `mps2::lock_down`).
    unsafe { slice::from_raw_parts(start as *const u8, length) }
}

/// The kernel's own image, as it was flashed: the word at address 0, and the rest.
///
/// # Safety
///
/// Once: it claims a static buffer.
unsafe fn image() -> [&'static [u8]; 2] {
    extern "C" {
        static _image_end: u8;
    }
    // Only the linker script's address is used, not what is there.
    let end = &raw const _image_end as usize;
    let first = &*static_init!([u8; 4], cortexm4::first_vector().to_ne_bytes());
    [first, flash((first.len(), end - first.len()))]
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
    let mut writer = PolledWriter::new(mps2::UART0, BAUD);
    kernel::debug::flush(&mut writer);
    anchorhold_board::report_panic(&mut writer, info, cortexm4::kernel_fault());
    writer.flush();
    semihosting::exit(1)
}
