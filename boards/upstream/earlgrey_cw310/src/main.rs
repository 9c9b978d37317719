//! Anchorhold on the real Tock, on OpenTitan Earl Grey in a CW310's FPGA: brings the
//! chip up. The rest is what all boards share.
//!
//! | flash | holds |
//! |---|---|
//! | 0x20000000 | the boot ROM's manifest and this kernel |
//! | 0x20030000 | applications and models |
//! | 0x200FB000 | the provisioned page: HUK and trusted keys |
//! | 0x200FC000 | the device's records, eight pages |
//!
//! The accelerometer is an LSM303AGR on IOB12 (SDA) and IOB11 (SCL).

#![no_std]
#![no_main]

mod chip;

use anchorhold_board::{report_panic, Authority, BoardAlarm, Devices, Hardware, Places, Site};
use anchorhold_evidence::DebugStatus;
use anchorhold_provisioning::PAGE_BYTES;
use anchorhold_state::Layout;
use anchorhold_upstream::duties::DUTIES;
use anchorhold_upstream::sources::{start_accelerometer, FlashPage, NoMicrophone, NoRecording};
use anchorhold_upstream::storage::FlashRecords;
use capsules_extra::lsm303agr;
use capsules_system::virtual_scheduler_timer::VirtualSchedulerTimer;
use chip::{Chip, Clocks, Peripherals, Pins, Protection, Timer};
use components::i2c::I2CMuxComponent;
use components::lsm303agr::Lsm303agrI2CComponent;
use core::fmt::{self, Write};
use core::panic::PanicInfo;
use core::slice;
use earlgrey::chip_config::EarlGreyConfig;
use earlgrey::epmp::{FlashRegion, KernelTextRegion, MMIORegion, RAMRegion};
use earlgrey::pinmux_config::EarlGreyPinmuxConfig;
use earlgrey::uart::{Uart, UART0_BASE};
use kernel::capabilities::{
    MainLoopCapability, MemoryAllocationCapability, ProcessManagementCapability,
    SetDebugWriterCapability,
};
use kernel::component::Component;
use kernel::deferred_call::DeferredCallClient;
use kernel::hil::flash::HasClient;
use kernel::utilities::registers::interfaces::ReadWriteable;
use kernel::{debug, static_init, Kernel};
use lowrisc::flash_ctrl::{FlashCtrl, FlashMPConfig, LowRiscPage, FLASH_ADDR_OFFSET, PAGE_SIZE};
use lowrisc::i2c::I2c;
use rv32i::csr::{mie::mie, mstatus::mstatus, CSR};
use rv32i::pmp::{NAPOTRegionSpec, TORRegionSpec};
use rv32i::thread_id::RiscvThreadIdProvider;

/// The records lie this far behind the provisioned page.
const RECORDS_OFFSET: usize = 4096;
const LAYOUT: Layout = Layout::PAGES_OF_2_KIB;
/// Memory-mapped devices.
const DEVICES: (usize, usize) = (0x4000_0000, 0x1000_0000);

type Bus = I2c<'static>;
type Records = FlashRecords<'static, FlashCtrl<'static>>;
/// Time slices on one of the alarms.
type TimeSlices = VirtualSchedulerTimer<BoardAlarm<Timer>>;

// Accepting a model is the deepest path: 11.2 KB, measured on qemu_rv32_virt.
kernel::stack_size! {0x3400}

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
    static _manifest: u8;
    static _stext: u8;
    static _etext: u8;
    static _srelocate: u8;
    static _erelocate: u8;
    static _sflash: u8;
    static _eflash: u8;
    static _ssram: u8;
    static _esram: u8;
    static _sapps: u8;
    static _own: u8;
    static mut _sappmem: u8;
    static _eappmem: u8;
}

/// Brings the board up and runs it.
///
/// # Safety
///
/// Once, at reset: it claims every static buffer and the whole chip.
unsafe fn run() -> ! {
    earlgrey::chip::configure_trap_handler();
    kernel::deferred_call::initialize_deferred_call_state_unsafe::<RiscvThreadIdProvider>();
    kernel::debug::initialize_debug_writer_wrapper_unsafe::<RiscvThreadIdProvider>();
    let protection = protect();
    Pins::setup();
    let peripherals = &*static_init!(Peripherals, Peripherals::new());
    peripherals.uart.register();
    let timer = &*static_init!(Timer, Timer::new());
    timer.setup();
    let chip = &*static_init!(Chip, Chip::new(peripherals, timer, protection));

    chip.enable_plic_interrupts();
    CSR.mie
        .modify(mie::mext::SET + mie::msoft::SET + mie::mtimer::CLEAR);
    CSR.mstatus.modify(mstatus::mie::SET);
    let hardware = Hardware {
        uart: &peripherals.uart,
        timer,
        time_slices: |_, alarms| {
            let alarm = &*static_init!(BoardAlarm<Timer>, BoardAlarm::new(alarms));
            alarm.setup();
            static_init!(TimeSlices, VirtualSchedulerTimer::new(alarm))
        },
        site: Site {
            name: "earlgrey_cw310, Tock's own kernel",
            chip,
            // Upstream has no driver that reads the life cycle state.
            debug_port: DebugStatus::Enabled,
            duties: DUTIES,
            image: [image(), &[]],
            applications: between(&raw const _sapps, &raw const _own),
            memory: application_memory(),
        },
    };
    let places = static_init!(Places<Chip, Timer, Board>, Places::new());
    anchorhold_board::run(
        places,
        hardware,
        |kernel| {
            debug!("WARNING: the debug port is as OPEN as the chip's life cycle state leaves it.");
            // SAFETY: this is called once.
            unsafe { devices(kernel, peripherals) }
        },
        Board,
    )
}

/// Sensor, keys and records.
///
/// # Safety
///
/// Once: it claims static buffers.
unsafe fn devices(kernel: &'static Kernel, peripherals: &'static Peripherals) -> Devices {
    let bus = I2CMuxComponent::new(&peripherals.i2c, None)
        .finalize(components::i2c_mux_component_static!(Bus));
    let accelerometer =
        Lsm303agrI2CComponent::new(bus, None, None, kernel, lsm303agr::DRIVER_NUM, Board)
            .finalize(components::lsm303agr_component_static!(Bus));
    start_accelerometer(accelerometer);

    // Only the records, at the end of flash, can be written.
    let own = &raw const _own;
    let records = own as usize + RECORDS_OFFSET;
    write_protect(&peripherals.flash, records);
    let storage = &*static_init!(
        Records,
        FlashRecords::new(
            &peripherals.flash,
            (records - FLASH_ADDR_OFFSET) / PAGE_SIZE,
            LAYOUT.slots(),
            static_init!(LowRiscPage, LowRiscPage::default())
        )
    );
    peripherals.flash.set_client(storage);
    Devices {
        page: &*static_init!(FlashPage, FlashPage(&*own.cast::<[u8; PAGE_BYTES]>())),
        tensors: &NoRecording,
        microphone: &NoMicrophone,
        storage,
        layout: LAYOUT,
        accelerometer,
        random: None,
    }
}

/// Puts memory protection in force: code is not writable, data is not executable,
/// for the kernel as well.
///
/// # Safety
///
/// Once, before any process runs.
unsafe fn protect() -> Protection {
    let text = TORRegionSpec::from_start_end(&raw const _stext, &raw const _etext);
    let flash = NAPOTRegionSpec::from_start_end(&raw const _sflash, &raw const _eflash);
    let memory = NAPOTRegionSpec::from_start_end(&raw const _ssram, &raw const _esram);
    let devices = NAPOTRegionSpec::from_start_size(DEVICES.0 as *const u8, DEVICES.1);
    let (Some(text), Some(flash), Some(memory), Some(devices)) = (text, flash, memory, devices)
    else {
        panic!("the linker script's regions cannot be protected");
    };
    match Protection::new(
        FlashRegion(flash),
        RAMRegion(memory),
        MMIORegion(devices),
        KernelTextRegion(text),
    ) {
        Ok(protection) => protection,
        Err(_) => panic!("memory protection is not in force"),
    }
}

/// Makes all flash below `records` read-only until the next reset: the kernel, the
/// applications, the models and the provisioned page.
fn write_protect(flash: &FlashCtrl, records: usize) {
    let read_only = FlashMPConfig {
        read_en: true,
        write_en: false,
        erase_en: false,
        scramble_en: false,
        ecc_en: false,
        he_en: false,
    };
    let result = flash
        .mp_set_region_perms(&raw const _manifest as usize, records, 0, &read_only)
        .and_then(|()| flash.mp_lock_region_cfg(0));
    if let Err(error) = result {
        panic!("flash cannot be write-protected: {error:?}");
    }
}

/// Flash between two addresses.
///
/// # Safety
///
/// There is flash from `start` to `end`; [`write_protect`] makes it read-only.
unsafe fn between(start: *const u8, end: *const u8) -> &'static [u8] {
    slice::from_raw_parts(start, end as usize - start as usize)
}

/// The kernel's own image, as it was flashed: manifest, code and constants, then
/// initial data.
fn image() -> &'static [u8] {
    let data = &raw const _erelocate as usize - &raw const _srelocate as usize;
    let end = (&raw const _etext).wrapping_add(data);
    // SAFETY: the linker script puts initial data behind the code, in `rom`.
    unsafe { between(&raw const _manifest, end) }
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

/// The serial port, written without interrupts.
struct LastWords(Uart<'static>);

impl Write for LastWords {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.transmit_sync(text.as_bytes());
        Ok(())
    }
}

/// Says on the serial port where the kernel cannot go on, and stops.
#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    let mut serial = LastWords(Uart::new(UART0_BASE, Clocks::PERIPHERAL_FREQ));
    report_panic(&mut serial, info, None::<&str>);
    loop {
        core::hint::spin_loop();
    }
}
