//! What a board has below Anchorhold: a shared serial port with the kernel's log, the
//! console and low-level debug on it, processes' alarms, and their turns.

use capsules_core::alarm::{self, AlarmDriver};
use capsules_core::console::{self, Console};
use capsules_core::low_level_debug::{self, LowLevelDebug};
use capsules_core::virtualizers::virtual_alarm::{MuxAlarm, VirtualMuxAlarm};
use capsules_core::virtualizers::virtual_uart::{MuxUart, UartDevice, RX_BUF_LEN};
use capsules_system::debug_writer::uart_debug_writer::UartDebugWriter;
use capsules_system::scheduler::round_robin::{RoundRobinProcessNode, RoundRobinSched};
use capsules_system::virtual_scheduler_timer::VirtualSchedulerTimer;
use core::mem::MaybeUninit;
use kernel::capabilities::{MemoryAllocationCapability, SetDebugWriterCapability};
use kernel::collections::ring_buffer::RingBuffer;
use kernel::deferred_call::DeferredCallClient;
use kernel::hil::time::Alarm;
use kernel::hil::uart::{Receive, Transmit, Uart};
use kernel::platform::chip::Chip;
use kernel::platform::{KernelResources, SyscallDriverLookup};
use kernel::process::ProcessArray;
use kernel::syscall::SyscallDriver;
use kernel::Kernel;

/// Bits a second on the serial port.
pub const BAUD: u32 = 115_200;
/// A line of Evidence leaves in one transmission.
const CONSOLE_BYTES: usize = 1100;
/// Messages of the kernel that can wait.
const LOG_BYTES: usize = 768;
/// The longest that is not cut in two.
const LOG_LINE_BYTES: usize = 160;

/// Static memory for a board's essentials, with up to `PROCESSES` processes.
pub struct Room<A: Alarm<'static> + 'static, const PROCESSES: usize> {
    serial: MaybeUninit<MuxUart<'static>>,
    serial_buffer: [u8; RX_BUF_LEN],
    log_port: MaybeUninit<UartDevice<'static>>,
    log_ring_buffer: [MaybeUninit<u8>; LOG_BYTES],
    log_ring: MaybeUninit<RingBuffer<'static, u8>>,
    log_line: [u8; LOG_LINE_BYTES],
    log: MaybeUninit<UartDebugWriter>,
    console_port: MaybeUninit<UartDevice<'static>>,
    console_output: [u8; CONSOLE_BYTES],
    console_input: [u8; RX_BUF_LEN],
    console: MaybeUninit<Console<'static>>,
    debug_port: MaybeUninit<UartDevice<'static>>,
    debug_buffer: [u8; low_level_debug::BUF_LEN],
    low_level_debug: MaybeUninit<LowLevelDebug<'static, UartDevice<'static>>>,
    process_alarm: MaybeUninit<VirtualMuxAlarm<'static, A>>,
    alarm: MaybeUninit<AlarmDriver<'static, VirtualMuxAlarm<'static, A>>>,
    slice_alarm: MaybeUninit<VirtualMuxAlarm<'static, A>>,
    time_slices: MaybeUninit<VirtualSchedulerTimer<VirtualMuxAlarm<'static, A>>>,
    scheduler: MaybeUninit<RoundRobinSched<'static>>,
    turns: [MaybeUninit<RoundRobinProcessNode<'static>>; PROCESSES],
}

impl<A: Alarm<'static>, const PROCESSES: usize> Room<A, PROCESSES> {
    /// Memory that nothing uses yet.
    pub const fn new() -> Self {
        Room {
            serial: MaybeUninit::uninit(),
            serial_buffer: [0; RX_BUF_LEN],
            log_port: MaybeUninit::uninit(),
            log_ring_buffer: [MaybeUninit::uninit(); LOG_BYTES],
            log_ring: MaybeUninit::uninit(),
            log_line: [0; LOG_LINE_BYTES],
            log: MaybeUninit::uninit(),
            console_port: MaybeUninit::uninit(),
            console_output: [0; CONSOLE_BYTES],
            console_input: [0; RX_BUF_LEN],
            console: MaybeUninit::uninit(),
            debug_port: MaybeUninit::uninit(),
            debug_buffer: [0; low_level_debug::BUF_LEN],
            low_level_debug: MaybeUninit::uninit(),
            process_alarm: MaybeUninit::uninit(),
            alarm: MaybeUninit::uninit(),
            slice_alarm: MaybeUninit::uninit(),
            time_slices: MaybeUninit::uninit(),
            scheduler: MaybeUninit::uninit(),
            turns: [const { MaybeUninit::uninit() }; PROCESSES],
        }
    }
}

impl<A: Alarm<'static>, const PROCESSES: usize> Default for Room<A, PROCESSES> {
    fn default() -> Self {
        Room::new()
    }
}

/// A board without Anchorhold.
pub struct Essentials<A: Alarm<'static> + 'static> {
    /// Driver 0x0.
    alarm: &'static AlarmDriver<'static, VirtualMuxAlarm<'static, A>>,
    /// Driver 0x1.
    console: &'static Console<'static>,
    /// Driver 0x8.
    low_level_debug: &'static LowLevelDebug<'static, UartDevice<'static>>,
    /// Who runs next.
    scheduler: &'static RoundRobinSched<'static>,
    /// For how long.
    time_slices: &'static VirtualSchedulerTimer<VirtualMuxAlarm<'static, A>>,
}

impl<A: Alarm<'static>> Essentials<A> {
    /// Puts them together over a serial port and a timer. From here on the kernel's log
    /// goes to the serial port; the board has bound the log to its thread before.
    pub fn assemble<const PROCESSES: usize>(
        room: &'static mut Room<A, PROCESSES>,
        kernel: &'static Kernel,
        processes: &'static ProcessArray<PROCESSES>,
        uart: &'static dyn Uart<'static>,
        alarms: &'static MuxAlarm<'static, A>,
        grants: &dyn MemoryAllocationCapability,
        log: impl SetDebugWriterCapability,
    ) -> Essentials<A> {
        let serial: &MuxUart = room
            .serial
            .write(MuxUart::new(uart, &mut room.serial_buffer, BAUD));
        serial.register();
        serial.initialize();
        uart.set_transmit_client(serial);
        uart.set_receive_client(serial);

        let log_port = port(&mut room.log_port, serial, false);
        let log_ring = room
            .log_ring
            .write(RingBuffer::new(&mut room.log_ring_buffer));
        let writer: &UartDebugWriter =
            room.log
                .write(UartDebugWriter::new(log_port, &mut room.log_line, log_ring));
        log_port.set_transmit_client(writer);
        kernel::debug::set_debug_writer_wrapper(writer, log);

        let console_port = port(&mut room.console_port, serial, true);
        let console: &Console = room.console.write(Console::new(
            console_port,
            &mut room.console_output,
            &mut room.console_input,
            kernel.create_grant(console::DRIVER_NUM, grants),
        ));
        console_port.set_transmit_client(console);
        console_port.set_receive_client(console);

        let debug_port = port(&mut room.debug_port, serial, false);
        let low_level_debug: &LowLevelDebug<_> = room.low_level_debug.write(LowLevelDebug::new(
            &mut room.debug_buffer,
            debug_port,
            kernel.create_grant(low_level_debug::DRIVER_NUM, grants),
        ));
        debug_port.set_transmit_client(low_level_debug);

        let process_alarm = virtual_alarm(&mut room.process_alarm, alarms);
        let alarm: &AlarmDriver<_> = room.alarm.write(AlarmDriver::new(
            process_alarm,
            kernel.create_grant(alarm::DRIVER_NUM, grants),
        ));
        process_alarm.set_alarm_client(alarm);
        let slice_alarm = virtual_alarm(&mut room.slice_alarm, alarms);
        let time_slices = room
            .time_slices
            .write(VirtualSchedulerTimer::new(slice_alarm));

        let scheduler: &RoundRobinSched = room.scheduler.write(RoundRobinSched::new());
        for (turn, slot) in room.turns.iter_mut().zip(processes.as_slice()) {
            let turn = turn.write(RoundRobinProcessNode::new(slot));
            scheduler.processes.push_tail(turn);
        }
        Essentials {
            alarm,
            console,
            low_level_debug,
            scheduler,
            time_slices,
        }
    }
}

fn port(
    room: &'static mut MaybeUninit<UartDevice<'static>>,
    serial: &'static MuxUart<'static>,
    receives: bool,
) -> &'static UartDevice<'static> {
    let port = room.write(UartDevice::new(serial, receives));
    port.setup();
    port
}

/// A share of the timer.
pub(crate) fn virtual_alarm<A: Alarm<'static>>(
    room: &'static mut MaybeUninit<VirtualMuxAlarm<'static, A>>,
    alarms: &'static MuxAlarm<'static, A>,
) -> &'static VirtualMuxAlarm<'static, A> {
    let alarm = room.write(VirtualMuxAlarm::new(alarms));
    alarm.setup();
    alarm
}

impl<A: Alarm<'static>> SyscallDriverLookup for Essentials<A> {
    fn with_driver<F, R>(&self, driver_num: usize, f: F) -> R
    where
        F: FnOnce(Option<&dyn SyscallDriver>) -> R,
    {
        match driver_num {
            alarm::DRIVER_NUM => f(Some(self.alarm)),
            console::DRIVER_NUM => f(Some(self.console)),
            low_level_debug::DRIVER_NUM => f(Some(self.low_level_debug)),
            _ => f(None),
        }
    }
}

impl<A: Alarm<'static>, C: Chip> KernelResources<C> for Essentials<A> {
    type SyscallDriverLookup = Self;
    type SyscallFilter = ();
    type ProcessFault = ();
    type ContextSwitchCallback = ();
    type Scheduler = RoundRobinSched<'static>;
    type SchedulerTimer = VirtualSchedulerTimer<VirtualMuxAlarm<'static, A>>;
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
    fn scheduler(&self) -> &Self::Scheduler {
        self.scheduler
    }
    fn scheduler_timer(&self) -> &Self::SchedulerTimer {
        self.time_slices
    }
    fn watchdog(&self) -> &() {
        &()
    }
}
