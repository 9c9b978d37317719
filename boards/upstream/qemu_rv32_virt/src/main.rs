//! Anchorhold on the real Tock, on QEMU's `virt` machine for 32-bit RISC-V: wires the
//! chip, the capsules and the policy, and does nothing else.
//!
//! What the machine lacks (one-time-programmable memory, storage, a sensor) comes from
//! files of the host, as on this project's own boards.

#![no_std]
#![no_main]

#[path = "../../../opentitan/src/adapters.rs"]
mod adapters;

use adapters::{OtpPage, RecordedTensors};
use anchorhold_capsules::vault::BoardLimits;
use anchorhold_evidence::DebugStatus;
use anchorhold_state::Layout;
use anchorhold_upstream::{essentials, loading, Anchorhold, Essentials, Hardware, Platform, Room};
use capsules_core::virtualizers::virtual_alarm::MuxAlarm;
use core::fmt::Write;
use core::panic::PanicInfo;
use core::slice;
use kernel::capabilities::{
    MainLoopCapability, MemoryAllocationCapability, ProcessManagementCapability,
    SetDebugWriterCapability,
};
use kernel::deferred_call::DeferredCallClient;
use kernel::hil::time::Alarm;
use kernel::hil::uart;
use kernel::ipc::IPC;
use kernel::platform::chip::PanicWriter;
use kernel::process::ProcessArray;
use kernel::utilities::registers::interfaces::ReadWriteable;
use kernel::{create_capability, debug, static_init, Kernel};
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
use semihosting::{Accelerometer, Otp, Storage, Tensors};

const PROCESSES: usize = 4;
/// Bytes of memory-mapped devices, from address 0 on.
const DEVICES: usize = 0x2000_0000;
/// What the inference process can offer a model.
const LIMITS: BoardLimits = BoardLimits {
    arena_bytes: 48 * 1024,
    engine_abi: anchorhold_engine::ABI,
};

type Processes = ProcessArray<PROCESSES>;
type Timer = QemuRv32VirtClint<'static>;
type Peripherals = QemuRv32VirtDefaultPeripherals<'static>;
type Chip = QemuRv32VirtChip<'static, Peripherals>;

// Checking a signature is the deepest path: 12.1 KiB. There is room for more.
kernel::stack_size! {0x6000}

/// The board's permission to restart a process that hangs.
struct Management;
// SAFETY: the board hands it to the evidence capsule's deadline alone.
unsafe impl ProcessManagementCapability for Management {}

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
    let processes: &'static Processes = static_init!(Processes, Processes::new());
    let kernel: &'static Kernel = static_init!(Kernel, Kernel::new(processes.as_slice()));
    let peripherals: &'static Peripherals = static_init!(Peripherals, Peripherals::new());
    let timer: &'static Timer = static_init!(Timer, Timer::new(&CLINT_BASE));
    let chip: &'static Chip = static_init!(Chip, Chip::new(peripherals, timer, protection));
    let grants = create_capability!(MemoryAllocationCapability);
    let management = create_capability!(ProcessManagementCapability);

    let alarms: &'static MuxAlarm<Timer> = static_init!(MuxAlarm<Timer>, MuxAlarm::new(timer));
    timer.set_alarm_client(alarms);
    let base = Essentials::assemble(
        static_init!(essentials::Room<Timer, PROCESSES>, essentials::Room::new()),
        kernel,
        processes,
        &peripherals.uart0,
        alarms,
        &grants,
        create_capability!(SetDebugWriterCapability),
    );
    chip.enable_plic_interrupts();
    CSR.mie
        .modify(mie::mext::SET + mie::msoft::SET + mie::mtimer::SET);
    CSR.mstatus.modify(mstatus::mie::SET);

    // Devices of the host.
    let storage = static_init!(Storage, Storage::new());
    storage.register();
    let accelerometer = static_init!(Accelerometer, Accelerometer::new());
    accelerometer.register();

    let applications = between(&raw const _sapps, &raw const _eapps);
    let anchorhold = Anchorhold::assemble(
        static_init!(Room<Timer, Management>, Room::new()),
        kernel,
        Hardware {
            page: static_init!(OtpPage, OtpPage(Otp::new())),
            storage,
            layout: Layout::PAGES_OF_2_KIB,
            accelerometer,
            tensors: static_init!(RecordedTensors, RecordedTensors(Tensors::new())),
            alarms,
            // An emulator hides nothing.
            debug: DebugStatus::Enabled,
            image: image(),
            applications,
            limits: LIMITS,
        },
        &grants,
        Management,
    );
    debug!(
        "anchorhold {} on qemu_rv32_virt, Tock's own kernel",
        env!("CARGO_PKG_VERSION")
    );
    loading::start::<Chip, Timer, PROCESSES>(
        static_init!(loading::Room<Chip, PROCESSES>, loading::Room::new()),
        kernel,
        chip,
        &anchorhold,
        applications,
        application_memory(),
        &management,
    );
    anchorhold.evidence.start();
    let platform = Platform { base, anchorhold };
    kernel.kernel_loop(
        &platform,
        chip,
        None::<&IPC<0>>,
        &create_capability!(MainLoopCapability),
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
    let parameters = uart::Parameters {
        baud_rate: essentials::BAUD,
        width: uart::Width::Eight,
        parity: uart::Parity::None,
        stop_bits: uart::StopBits::One,
        hw_flow_control: false,
    };
    // SAFETY: nothing else will use the serial port any more.
    let mut writer = unsafe {
        UartPanicWriter::create_panic_writer(UartPanicWriterConfig { params: parameters })
    };
    let _ = writeln!(writer, "\r\nkernel {info}");
    semihosting::exit(1)
}
