//! Anchorhold on the real Tock, on QEMU's `virt` machine for 32-bit RISC-V: brings the
//! chip up. The rest is what all boards share; what the machine lacks comes from files
//! of the host.

#![no_std]
#![no_main]

use anchorhold_board::host::{self, HostPlaces, RandomPlaces};
use anchorhold_board::{report_panic, Authority, BoardAlarm, Hardware, Places, Site, BAUD};
use anchorhold_evidence::DebugStatus;
use anchorhold_upstream::duties::DUTIES;
use capsules_system::virtual_scheduler_timer::VirtualSchedulerTimer;
use core::panic::PanicInfo;
use core::slice;
use kernel::capabilities::{
    MainLoopCapability, MemoryAllocationCapability, ProcessManagementCapability,
    SetDebugWriterCapability,
};
use kernel::hil::uart;
use kernel::platform::chip::PanicWriter;
use kernel::static_init;
use kernel::utilities::registers::interfaces::ReadWriteable;
use qemu_rv32_virt_chip::chip::{
    QemuRv32VirtChip, QemuRv32VirtClint, QemuRv32VirtDefaultPeripherals,
};
use qemu_rv32_virt_chip::clint::CLINT_BASE;
use qemu_rv32_virt_chip::uart::{UartPanicWriter, UartPanicWriterConfig};
use rv32i::csr::{mie::mie, mstatus::mstatus, CSR};
use rv32i::pmp::kernel_protection_mml_epmp::{
    FlashRegion, KernelProtectionMMLEPMP, KernelTextRegion, MMIORegion, RAMRegion,
};
use rv32i::pmp::{NAPOTRegionSpec, TORRegionSpec};
use rv32i::thread_id::RiscvThreadIdProvider;

/// Bytes of memory-mapped devices, from address 0 on.
const DEVICES: usize = 0x2000_0000;

type Timer = QemuRv32VirtClint<'static>;
type Peripherals = QemuRv32VirtDefaultPeripherals<'static>;
type Chip = QemuRv32VirtChip<'static, Peripherals>;
/// Time slices on one of the alarms.
type TimeSlices = VirtualSchedulerTimer<BoardAlarm<Timer>>;

// Accepting a model is the deepest path: 11.2 KB. There is room for more.
kernel::stack_size! {0x6000}

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

// Addresses from the linker scripts; only the symbols' places mean anything.
extern "C" {
    static _stext: u8;
    static _etext: u8;
    static _srelocate: u8;
    static _erelocate: u8;
    static _sflash: u8;
    static _eflash: u8;
    static _ssram: u8;
    static _esram: u8;
    static _sapps: u8;
    static _eapps: u8;
    static mut _sappmem: u8;
    static _eappmem: u8;
}

/// Brings the board up and runs it.
///
/// # Safety
///
/// Once, at reset: it claims every static buffer and the whole chip.
unsafe fn run() -> ! {
    rv32i::configure_trap_handler();
    kernel::deferred_call::initialize_deferred_call_state_unsafe::<RiscvThreadIdProvider>();
    kernel::debug::initialize_debug_writer_wrapper_unsafe::<RiscvThreadIdProvider>();
    let protection = protect();
    let peripherals = &*static_init!(Peripherals, Peripherals::new());
    let timer = &*static_init!(Timer, Timer::new(&CLINT_BASE));
    let chip = &*static_init!(Chip, Chip::new(peripherals, timer, protection));
    chip.enable_plic_interrupts();
    CSR.mie
        .modify(mie::mext::SET + mie::msoft::SET + mie::mtimer::SET);
    CSR.mstatus.modify(mstatus::mie::SET);
    let hardware = Hardware {
        uart: &peripherals.uart0,
        timer,
        time_slices: |_, alarms| {
            let alarm = &*static_init!(BoardAlarm<Timer>, BoardAlarm::new(alarms));
            alarm.setup();
            static_init!(TimeSlices, VirtualSchedulerTimer::new(alarm))
        },
        site: Site {
            name: "qemu_rv32_virt, Tock's own kernel",
            chip,
            // An emulator hides nothing.
            debug_port: DebugStatus::Enabled,
            duties: DUTIES,
            image: [image(), &[]],
            applications: between(&raw const _sapps, &raw const _eapps),
            memory: application_memory(),
        },
    };
    let places = static_init!(Places<Chip, Timer, Board>, Places::new());
    let files = static_init!(HostPlaces, HostPlaces::new());
    let random = static_init!(RandomPlaces, RandomPlaces::new());
    anchorhold_board::run(
        places,
        hardware,
        |kernel| host::open_with_random(files, random, kernel, Board),
        Board,
    )
}

/// Puts memory protection in force: code is not writable, data is not executable,
/// for the kernel as well.
///
/// # Safety
///
/// Once, before any process runs.
unsafe fn protect() -> KernelProtectionMMLEPMP<16, 5> {
    let text = TORRegionSpec::from_start_end(&raw const _stext, &raw const _etext);
    let flash = NAPOTRegionSpec::from_start_end(&raw const _sflash, &raw const _eflash);
    let memory = NAPOTRegionSpec::from_start_end(&raw const _ssram, &raw const _esram);
    let devices = NAPOTRegionSpec::from_start_size(core::ptr::null::<u8>(), DEVICES);
    let (Some(text), Some(flash), Some(memory), Some(devices)) = (text, flash, memory, devices)
    else {
        panic!("the linker script's regions cannot be protected");
    };
    match KernelProtectionMMLEPMP::new(
        FlashRegion(flash),
        RAMRegion(memory),
        MMIORegion(devices),
        KernelTextRegion(text),
    ) {
        Ok(protection) => protection,
        Err(()) => panic!("memory protection is not in force"),
    }
}

/// Flash between two addresses.
///
/// # Safety
///
/// There is flash from `start` to `end`; [`protect`] makes it read-only.
unsafe fn between(start: *const u8, end: *const u8) -> &'static [u8] {
    slice::from_raw_parts(start, end as usize - start as usize)
}

/// The kernel's own image, as it was loaded: code and constants, then initial data.
fn image() -> &'static [u8] {
    let data = &raw const _erelocate as usize - &raw const _srelocate as usize;
    let end = (&raw const _etext).wrapping_add(data);
    // SAFETY: the linker script puts initial data behind the code, in `rom`.
    unsafe { between(&raw const _sflash, end) }
}

/// The memory that processes live in.
///
/// # Safety
///
/// Once: the slice is unique.
unsafe fn application_memory() -> &'static mut [u8] {
    let start = &raw mut _sappmem;
    slice::from_raw_parts_mut(start, &raw const _eappmem as usize - start as usize)
}

/// Where reset arrives once memory is set up.
#[no_mangle]
extern "C" fn main() -> ! {
    // SAFETY: only the start-up code calls this, once.
    unsafe { run() }
}

/// Says on the serial port where the kernel cannot go on, and ends the emulation with
/// an error.
#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    let params = uart::Parameters {
        baud_rate: BAUD,
        width: uart::Width::Eight,
        parity: uart::Parity::None,
        stop_bits: uart::StopBits::One,
        hw_flow_control: false,
    };
    // SAFETY: nothing else will use the serial port any more.
    let mut writer =
        unsafe { UartPanicWriter::create_panic_writer(UartPanicWriterConfig { params }) };
    report_panic(&mut writer, info, None::<&str>);
    semihosting::exit(1)
}
