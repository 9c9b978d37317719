//! Anchorhold on the real Tock, on Nordic's nRF52840 development kit: adds capsules and
//! policy to upstream's board, and does nothing else.
//!
//! | flash | holds |
//! |---|---|
//! | 0x00000000 | this kernel |
//! | 0x00040000 | applications and models |
//! | 0x000FB000 | the provisioned page: HUK and trusted keys |
//! | 0x000FC000 | the device's records, four pages |
//!
//! The accelerometer is an LSM303AGR on P0.26 (SDA) and P0.27 (SCL).

#![no_std]
#![no_main]

use anchorhold_board::{Authority, Devices, Site, SitePlaces};
use anchorhold_evidence::DebugStatus;
use anchorhold_provisioning::PAGE_BYTES;
use anchorhold_state::Layout;
use anchorhold_upstream::debug_port;
use anchorhold_upstream::duties::DUTIES;
use anchorhold_upstream::sources::{start_accelerometer, FlashPage, NoMicrophone, NoRecording};
use anchorhold_upstream::storage::FlashRecords;
use capsules_extra::lsm303agr;
use components::i2c::I2CMuxComponent;
use components::lsm303agr::Lsm303agrI2CComponent;
use core::slice;
use kernel::capabilities::{
    MainLoopCapability, MemoryAllocationCapability, ProcessManagementCapability,
    SetDebugWriterCapability,
};
use kernel::component::Component;
use kernel::hil::flash::HasClient;
use kernel::{debug, static_init};
use nrf52840::i2c::TWI;
use nrf52840::nvmc::{NrfPage, Nvmc};
use nrf52840::rtc::Rtc;
use nrf52840dk_lib::ChipHw;

/// Bytes of flash that are erased at once.
const FLASH_PAGE: usize = 4096;
/// The records: four of them, behind the provisioned page.
const RECORDS: usize = 4;
const LAYOUT: Layout = Layout::new(RECORDS, FLASH_PAGE).unwrap();
type Timer = Rtc<'static>;
type Bus = TWI<'static>;
type Records = FlashRecords<'static, Nvmc>;

/// Upstream's library has 8 KiB of stack, and accepting a model needs more; the linker
/// script puts both together.
#[used]
#[link_section = ".stack_buffer"]
static mut MORE_STACK: [u8; 0x2400] = [0; 0x2400];

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
    static _estack: u8;
    static _etext: u8;
    static _srelocate: u8;
    static _erelocate: u8;
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
    let debug_port = lock_debug_port();
    let (kernel, base, chip, peripherals, alarms) = nrf52840dk_lib::start_no_pconsole();
    if debug_port == DebugStatus::Enabled {
        debug!("WARNING: the debug port is OPEN, this revision of the chip cannot lock it:");
        debug!("WARNING: whoever has the board can read its keys. Evidence says so.");
    }

    // The accelerometer.
    let bus = I2CMuxComponent::new(&peripherals.nrf52.twi1, None)
        .finalize(components::i2c_mux_component_static!(Bus));
    let accelerometer =
        Lsm303agrI2CComponent::new(bus, None, None, kernel, lsm303agr::DRIVER_NUM, Board)
            .finalize(components::lsm303agr_component_static!(Bus));
    start_accelerometer(accelerometer);

    // The end of flash: the provisioned page, then the records.
    let own = &raw const _own;
    let flash = &peripherals.nrf52.nvmc;
    let storage: &'static Records = static_init!(
        Records,
        FlashRecords::new(
            flash,
            own as usize / FLASH_PAGE + 1,
            RECORDS,
            static_init!(NrfPage, NrfPage::default())
        )
    );
    flash.set_client(storage);

    let devices = Devices {
        page: &*static_init!(FlashPage, FlashPage(&*own.cast::<[u8; PAGE_BYTES]>())),
        tensors: &NoRecording,
        microphone: &NoMicrophone,
        storage,
        layout: LAYOUT,
        accelerometer,
        random: None,
    };
    let site = Site {
        name: "nrf52840dk, Tock's own kernel",
        chip,
        debug_port,
        duties: DUTIES,
        image: image(),
        applications: between(&raw const _sapps, own),
        memory: application_memory(),
    };
    let places = static_init!(SitePlaces<ChipHw, Timer, Board>, SitePlaces::new());
    anchorhold_board::run_on(places, base, alarms, site, &devices, kernel, Board)
}

/// Locks the debug port until the next reset, before upstream's start-up opens it, and
/// returns its state.
///
/// # Safety
///
/// On an nRF52840, before [`nrf52840dk_lib::start_no_pconsole`].
unsafe fn lock_debug_port() -> DebugStatus {
    // FICR.INFO.VARIANT and APPROTECT.FORCEPROTECT, nRF52840 Product Specification.
    const VARIANT: *const u32 = 0x1000_0104 as *const u32;
    const FORCE_PROTECT: *mut u32 = 0x4000_0550 as *mut u32;
    let status = debug_port::nrf52840(VARIANT.read_volatile());
    if status != DebugStatus::Enabled {
        FORCE_PROTECT.write_volatile(0);
    }
    status
}

/// Flash between two addresses.
///
/// # Safety
///
/// There is flash from `start` to `end`, and only the device's own pages are written.
unsafe fn between(start: *const u8, end: *const u8) -> &'static [u8] {
    slice::from_raw_parts(start, end as usize - start as usize)
}

/// The kernel's own image, as it was flashed: code and constants, then initial data.
/// The word at address 0, where no slice begins, comes apart: it is the stack's top.
///
/// # Safety
///
/// Once: it claims a static buffer.
unsafe fn image() -> [&'static [u8]; 2] {
    let top = (&raw const _estack as usize).to_le_bytes();
    let first = &*static_init!([u8; 4], top);
    let data = &raw const _erelocate as usize - &raw const _srelocate as usize;
    let end = (&raw const _etext).wrapping_add(data);
    [first, between(first.len() as *const u8, end)]
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
