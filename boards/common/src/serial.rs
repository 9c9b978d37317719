//! The serial port: the kernel's log, the console, low-level debug.

use crate::place::{buffer, keep, places, Place};
use crate::system::Authority;
use capsules_core::console::{self, Console};
use capsules_core::low_level_debug::{self, LowLevelDebug};
use capsules_core::virtualizers::virtual_uart::{MuxUart, UartDevice, RX_BUF_LEN};
use capsules_system::debug_writer::uart_debug_writer::UartDebugWriter;
use core::mem::MaybeUninit;
use kernel::collections::ring_buffer::RingBuffer;
use kernel::deferred_call::DeferredCallClient;
use kernel::hil::uart::{Receive, Transmit, Uart};
use kernel::Kernel;

/// Rate of the serial port.
pub const BAUD: u32 = 115_200;
/// A line of Evidence leaves in one transmission.
const CONSOLE_BYTES: usize = 1100;
/// Messages of the kernel that can wait.
const LOG_BYTES: usize = 768;
/// The longest that is not cut in two.
const LOG_LINE_BYTES: usize = 160;

/// The low-level debug driver.
type ProcessDebug = LowLevelDebug<'static, UartDevice<'static>>;

places! {
    pub(crate) struct SerialPlaces {
        mux: MuxUart<'static>,
        mux_buffer: [u8; RX_BUF_LEN],
        log_port: UartDevice<'static>,
        log_bytes: [MaybeUninit<u8>; LOG_BYTES],
        log_ring: RingBuffer<'static, u8>,
        log_line: [u8; LOG_LINE_BYTES],
        log: UartDebugWriter,
        console_port: UartDevice<'static>,
        console_transmit: [u8; CONSOLE_BYTES],
        console_receive: [u8; RX_BUF_LEN],
        console: Console<'static>,
        debug_port: UartDevice<'static>,
        debug_buffer: [u8; low_level_debug::BUF_LEN],
        debug: ProcessDebug,
    }
}

/// The drivers of the serial port.
pub(crate) struct Serial {
    pub console: &'static Console<'static>,
    pub low_level_debug: &'static ProcessDebug,
}

/// Shares the port out. From here on the kernel's messages are sent.
pub(crate) fn wire(
    places: &'static mut SerialPlaces,
    uart: &'static dyn Uart<'static>,
    kernel: &'static Kernel,
    authority: impl Authority,
) -> Serial {
    let mux_buffer = buffer(&mut places.mux_buffer);
    let mux = keep(&mut places.mux, MuxUart::new(uart, mux_buffer, BAUD));
    mux.register();
    mux.initialize();
    uart.set_transmit_client(mux);
    uart.set_receive_client(mux);

    let log_port = port(&mut places.log_port, mux, false);
    let ring = RingBuffer::new(places.log_bytes.write([MaybeUninit::uninit(); LOG_BYTES]));
    let ring = places.log_ring.write(ring);
    let line = buffer(&mut places.log_line);
    let log = keep(&mut places.log, UartDebugWriter::new(log_port, line, ring));
    log_port.set_transmit_client(log);
    kernel::debug::set_debug_writer_wrapper(log, authority);

    let console_port = port(&mut places.console_port, mux, true);
    let grant = kernel.create_grant(console::DRIVER_NUM, &authority);
    let transmit = buffer(&mut places.console_transmit);
    let receive = buffer(&mut places.console_receive);
    let console = Console::new(console_port, transmit, receive, grant);
    let console = keep(&mut places.console, console);
    console_port.set_transmit_client(console);
    console_port.set_receive_client(console);

    let debug_port = port(&mut places.debug_port, mux, false);
    let grant = kernel.create_grant(low_level_debug::DRIVER_NUM, &authority);
    let debug_buffer = buffer(&mut places.debug_buffer);
    let low_level_debug = keep(
        &mut places.debug,
        LowLevelDebug::new(debug_buffer, debug_port, grant),
    );
    debug_port.set_transmit_client(low_level_debug);

    Serial {
        console,
        low_level_debug,
    }
}

/// A share of the serial port.
fn port(
    place: &'static mut Place<UartDevice<'static>>,
    mux: &'static MuxUart<'static>,
    receives: bool,
) -> &'static UartDevice<'static> {
    let port = keep(place, UartDevice::new(mux, receives));
    port.setup();
    port
}
