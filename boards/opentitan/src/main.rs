//! Anchorhold on OpenTitan Earl Grey, as QEMU 7.2 emulates it: wires the chip,
//! the capsules and the policy, and does nothing else.
//!
//! What the silicon has and the emulator does not (one-time-programmable memory,
//! storage, entropy, a sensor) comes from files of the host. Who may call what
//! is in [`rights`].

#![no_std]
#![no_main]

#[macro_use]
mod statics;

mod adapters;
mod panic;
mod platform;
mod rights;

use adapters::{OtpPage, RecordedTensors};
use anchorhold_capsules::credentials::{OemSignatures, SignedShortIds};
use anchorhold_capsules::device_state::DeviceState;
use anchorhold_capsules::evidence::{Evidence, Services};
use anchorhold_capsules::keys::Keys;
use anchorhold_capsules::measurement::BootMeasurement;
use anchorhold_capsules::model::ActiveModel;
use anchorhold_capsules::restart::KernelRestart;
use anchorhold_capsules::sensor::Sensor;
use anchorhold_capsules::vault::{BoardLimits, Vault};
use anchorhold_capsules::{driver, work::Work};
use anchorhold_evidence::DebugStatus;
use anchorhold_state::{Layout, RECORD_BYTES};
use capsules_core::alarm::{self, AlarmDriver};
use capsules_core::console::{self, Console};
use capsules_core::low_level_debug::{self, LowLevelDebug};
use capsules_core::virtualizers::virtual_alarm::{MuxAlarm, VirtualMuxAlarm};
use capsules_core::virtualizers::virtual_uart::{MuxUart, UartDevice, RX_BUF_LEN};
use capsules_system::debug_writer::uart_debug_writer::UartDebugWriter;
use capsules_system::process_policies::ThresholdRestartFaultPolicy;
use capsules_system::scheduler::round_robin::{RoundRobinProcessNode, RoundRobinSched};
use capsules_system::virtual_scheduler_timer::VirtualSchedulerTimer;
use core::mem::MaybeUninit;
use core::slice;
use earlgrey::{chip::EarlGrey, map, Peripherals};
use kernel::capabilities::{
    MainLoopCapability, MemoryAllocationCapability, ProcessManagementCapability,
    SetDebugWriterCapability,
};
use kernel::collections::ring_buffer::RingBuffer;
use kernel::deferred_call::DeferredCallClient;
use kernel::hil::nonvolatile_storage::NonvolatileStorage;
use kernel::hil::sensors::NineDof;
use kernel::hil::time::Alarm;
use kernel::hil::uart::{Receive, Transmit};
use kernel::ipc::IPC;
use kernel::platform::chip::Chip;
use kernel::process::{
    ProcessArray, ProcessBinary, ProcessLoadingAsync, SequentialProcessLoaderMachine,
};
use kernel::process_checker::{AppCredentialsPolicy, ProcessCheckerMachine};
use kernel::{create_capability, debug, static_init, Kernel};
use lowrisc::timer::Timer;
use platform::{
    BoardAlarm, BoardEvidence, BoardSensor, Loader, Platform, ProcessAlarm, ProcessDebug,
    TimeSlices,
};
use rights::{INFERENCE, RIGHTS};
use rv32i::thread_id::RiscvThreadIdProvider;
use semihosting::{Accelerometer, Otp, Storage, Tensors};

const PROCESSES: usize = 4;
const BAUD: u32 = 115_200;
/// A line of Evidence leaves in one transmission.
const CONSOLE_BYTES: usize = 1200;
/// Messages of the kernel that can wait.
const LOG_BYTES: usize = 1024;
/// The longest that is not cut in two.
const LOG_LINE_BYTES: usize = 160;
/// Faults after which a process stays stopped.
const RESTARTS: usize = 64;
/// What the inference process can offer a model.
const LIMITS: BoardLimits = BoardLimits {
    arena_bytes: 48 * 1024,
    engine_abi: anchorhold_engine::ABI,
};

/// The board's permission to restart a process that hangs.
struct Management;
// SAFETY: the board hands it to the evidence capsule's deadline alone.
unsafe impl ProcessManagementCapability for Management {}

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
    let grants = create_capability!(MemoryAllocationCapability);
    let management = create_capability!(ProcessManagementCapability);
    let slots = keep!(ProcessArray<PROCESSES>, ProcessArray::new()).as_slice();
    let kernel = keep!(Kernel, Kernel::new(slots));
    let peripherals = keep!(Peripherals, Peripherals::new());
    peripherals.start();
    let chip = keep!(EarlGrey, EarlGrey::new(peripherals));

    // Serial port: the kernel's log, the console, low-level debug.
    let uart = &peripherals.uart0;
    let serial = keep!(MuxUart, MuxUart::new(uart, buffer!(RX_BUF_LEN), BAUD));
    serial.register();
    serial.initialize();
    uart.set_transmit_client(serial);
    uart.set_receive_client(serial);

    let log_port = port!(serial, false);
    let log_ring = static_init!(
        [MaybeUninit<u8>; LOG_BYTES],
        [MaybeUninit::uninit(); LOG_BYTES]
    );
    let log_ring = static_init!(RingBuffer<u8>, RingBuffer::new(log_ring));
    let log = keep!(
        UartDebugWriter,
        UartDebugWriter::new(log_port, buffer!(LOG_LINE_BYTES), log_ring)
    );
    log_port.set_transmit_client(log);
    kernel::debug::set_debug_writer_wrapper(log, create_capability!(SetDebugWriterCapability));

    let console_port = port!(serial, true);
    let grant = kernel.create_grant(console::DRIVER_NUM, &grants);
    let console = keep!(
        Console,
        Console::new(
            console_port,
            buffer!(CONSOLE_BYTES),
            buffer!(RX_BUF_LEN),
            grant
        )
    );
    console_port.set_transmit_client(console);
    console_port.set_receive_client(console);

    let debug_port = port!(serial, false);
    let grant = kernel.create_grant(low_level_debug::DRIVER_NUM, &grants);
    let low_level_debug = keep!(
        ProcessDebug,
        LowLevelDebug::new(buffer!(low_level_debug::BUF_LEN), debug_port, grant)
    );
    debug_port.set_transmit_client(low_level_debug);

    // Time: processes' alarms, their time slices, two capsules.
    let alarms = keep!(MuxAlarm<Timer>, MuxAlarm::new(&peripherals.timer));
    peripherals.timer.set_alarm_client(alarms);
    let process_alarm = alarm!(alarms);
    let grant = kernel.create_grant(alarm::DRIVER_NUM, &grants);
    let alarm = keep!(ProcessAlarm, AlarmDriver::new(process_alarm, grant));
    process_alarm.set_alarm_client(alarm);
    let time_slices = keep!(TimeSlices, VirtualSchedulerTimer::new(alarm!(alarms)));
    let (sensor_alarm, evidence_alarm) = (alarm!(alarms), alarm!(alarms));

    // Devices of the host.
    let page = keep!(OtpPage, OtpPage(Otp::new()));
    let tensors = keep!(RecordedTensors, RecordedTensors(Tensors::new()));
    let storage = keep!(Storage, Storage::new());
    storage.register();
    let accelerometer = keep!(Accelerometer, Accelerometer::new());
    accelerometer.register();

    // Anchorhold: keys, state, sensor, vault, evidence.
    let applications = flash(map::APPLICATION_FLASH);
    let keys = keep!(Keys, Keys::new(page));
    let state = keep!(
        DeviceState,
        DeviceState::new(storage, Layout::PAGES_OF_2_KIB, keys, buffer!(RECORD_BYTES))
    );
    storage.set_client(state);
    let model = keep!(ActiveModel, ActiveModel::new());
    let work = keep!(Work, Work::new(INFERENCE));

    let grant = kernel.create_grant(driver::SENSOR, &grants);
    let sensor = keep!(
        BoardSensor,
        Sensor::new(
            accelerometer,
            tensors,
            sensor_alarm,
            keys,
            model,
            work,
            grant
        )
    );
    accelerometer.set_client(sensor);
    sensor_alarm.set_alarm_client(sensor);
    sensor.register();

    let grant = kernel.create_grant(driver::VAULT, &grants);
    let vault = keep!(
        Vault,
        Vault::new(applications, LIMITS, keys, state, model, work, grant)
    );
    let measurement = keep!(
        BootMeasurement,
        BootMeasurement::new(image(), &RIGHTS, applications)
    );
    let restart = keep!(
        KernelRestart<Management>,
        KernelRestart::new(kernel, Management)
    );

    let services = Services {
        keys,
        state,
        vault,
        model,
        work,
        measurement,
        restart,
        debug: DebugStatus::Enabled,
    };
    let grant = kernel.create_grant(driver::EVIDENCE, &grants);
    let evidence = keep!(
        BoardEvidence,
        Evidence::new(services, evidence_alarm, grant)
    );
    evidence_alarm.set_alarm_client(evidence);
    state.set_client(evidence);
    work.set_client(evidence);
    evidence.register();

    // Processes: signatures first, then identity, then a slot.
    let signatures = keep!(OemSignatures, OemSignatures::new(keys));
    signatures.register();
    let checker = keep!(
        ProcessCheckerMachine,
        ProcessCheckerMachine::new(signatures)
    );
    signatures.set_client(checker);
    let fault_policy = keep!(
        ThresholdRestartFaultPolicy,
        ThresholdRestartFaultPolicy::new(RESTARTS)
    );
    let binaries = static_init!(
        [Option<ProcessBinary>; PROCESSES],
        [const { None }; PROCESSES]
    );
    let loader = keep!(
        Loader,
        SequentialProcessLoaderMachine::new(
            checker,
            binaries,
            kernel,
            chip,
            applications,
            application_memory(),
            fault_policy,
            &(),
            &SignedShortIds,
            &management,
        )
    );
    checker.set_client(loader);
    loader.register();
    let scheduler = keep!(RoundRobinSched, RoundRobinSched::new());
    let nodes = keep!(
        [RoundRobinProcessNode; PROCESSES],
        core::array::from_fn(|slot| RoundRobinProcessNode::new(&slots[slot]))
    );
    nodes
        .iter()
        .for_each(|node| scheduler.processes.push_tail(node));
    let platform = Platform {
        console,
        alarm,
        low_level_debug,
        evidence,
        sensor,
        vault,
        scheduler,
        time_slices,
    };

    debug!("anchorhold {} on opentitan", env!("CARGO_PKG_VERSION"));
    loader.start();
    evidence.start();
    kernel.kernel_loop(
        &platform,
        chip,
        None::<&IPC<0>>,
        &create_capability!(MainLoopCapability),
    )
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
