//! Transfers over a UART that does what the test says.

extern crate std;
use super::*;
use crate::polled::PolledWriter;
use crate::port::Events;
use core::fmt::Write;
use std::boxed::Box;
use std::collections::VecDeque;
use std::vec;
use std::vec::Vec;

/// The line, as both sides see it.
#[derive(Default)]
struct Line {
    sent: core::cell::RefCell<Vec<u8>>,
    room: Cell<usize>,
    received: core::cell::RefCell<VecDeque<u8>>,
    events: Cell<Events>,
    listening: Cell<(bool, bool)>,
    baud: Cell<u32>,
}

impl Port for &Line {
    fn configure(&self, baud: u32) -> Result<(), ErrorCode> {
        match baud {
            0 => Err(ErrorCode::INVAL),
            _ => {
                self.baud.set(baud);
                Ok(())
            }
        }
    }

    fn is_on(&self) -> bool {
        self.baud.get() != 0
    }

    fn put(&self, byte: u8) -> bool {
        let room = self.room.get();
        if let Some(less) = room.checked_sub(1) {
            self.room.set(less);
            self.sent.borrow_mut().push(byte);
        }
        room > 0
    }

    fn take(&self) -> Option<u8> {
        self.received.borrow_mut().pop_front()
    }

    fn listen_transmitted(&self, on: bool) {
        self.listening.set((on, self.listening.get().1));
    }

    fn listen_received(&self, on: bool) {
        self.listening.set((self.listening.get().0, on));
    }

    fn take_events(&self) -> Events {
        self.events.take()
    }

    fn is_idle(&self) -> bool {
        true
    }
}

#[derive(Default)]
struct Client {
    sent: Cell<Option<usize>>,
    received: Cell<Option<(usize, Result<(), ErrorCode>)>>,
}

impl TransmitClient for Client {
    fn transmitted_buffer(
        &self,
        _buffer: &'static mut [u8],
        length: usize,
        _result: Result<(), ErrorCode>,
    ) {
        self.sent.set(Some(length));
    }
}

impl ReceiveClient for Client {
    fn received_buffer(
        &self,
        buffer: &'static mut [u8],
        length: usize,
        result: Result<(), ErrorCode>,
        _error: Error,
    ) {
        assert!(buffer[..length].iter().all(|byte| *byte == b'r'));
        self.received.set(Some((length, result)));
    }
}

enum OneThread {}

// SAFETY: all tests of this module that use deferred calls are one test.
unsafe impl kernel::platform::chip::ThreadIdProvider for OneThread {
    fn running_thread_id() -> usize {
        0
    }
}

fn bytes(byte: u8, length: usize) -> &'static mut [u8] {
    Vec::leak(vec![byte; length])
}

const TRANSMITTED: Events = Events {
    transmitted: true,
    received: false,
};

/// One test, because the kernel's deferred calls are one state.
#[test]
fn a_uart_moves_buffers() {
    // SAFETY: no other test here uses deferred calls.
    unsafe {
        kernel::deferred_call::initialize_deferred_call_state_unsafe::<OneThread>();
    }
    let line: &'static Line = Box::leak(Box::default());
    let uart: &'static Uart<&Line> = Box::leak(Box::new(Uart::new(line)));
    let client: &'static Client = Box::leak(Box::default());
    uart.register();
    uart.set_transmit_client(client);
    uart.set_receive_client(client);
    only_plain_frames_are_configured(uart);
    transmissions_end_with_an_interrupt_and_not_before(line, uart, client);
    receptions_end_when_full_or_aborted(line, uart, client);
}

fn transmissions_end_with_an_interrupt_and_not_before(
    line: &Line,
    uart: &Uart<&Line>,
    client: &Client,
) {
    assert!(uart.transmit_buffer(bytes(b't', 3), 4).is_err());
    assert!(uart.transmit_buffer(bytes(b't', 3), 0).is_err());
    uart.transmit_buffer(bytes(b't', 3), 3).unwrap();
    assert_eq!(line.listening.get(), (true, false));
    assert!(
        uart.transmit_buffer(bytes(b't', 3), 3).is_err(),
        "one at a time"
    );
    assert_eq!(uart.transmit_abort(), Err(ErrorCode::FAIL));
    // Part by part, as there is room.
    for (room, sent) in [(2, 2), (2, 3)] {
        line.room.set(room);
        line.events.set(TRANSMITTED);
        uart.handle_interrupt();
        assert_eq!(line.sent.borrow().len(), sent);
        assert_eq!(
            client.sent.get(),
            None,
            "the UART has the last bytes only now"
        );
    }
    uart.handle_interrupt();
    assert_eq!(client.sent.get(), None, "the interrupt was for nothing");
    line.events.set(TRANSMITTED);
    uart.handle_interrupt();
    assert_eq!(client.sent.get(), Some(3));
    assert_eq!(line.listening.get(), (false, false), "no more interrupts");
    assert_eq!(uart.transmit_abort(), Ok(()));
}

fn receptions_end_when_full_or_aborted(line: &Line, uart: &Uart<&Line>, client: &Client) {
    line.received.borrow_mut().push_back(b'r');
    uart.receive_buffer(bytes(0, 2), 2).unwrap();
    assert_eq!(line.listening.get(), (false, true));
    assert!(uart.receive_buffer(bytes(0, 2), 2).is_err());
    DeferredCall::service_next_pending();
    assert_eq!(client.received.get(), None);
    assert_eq!(uart.receive_abort(), Err(ErrorCode::BUSY));
    DeferredCall::service_next_pending();
    assert_eq!(client.received.take(), Some((1, Err(ErrorCode::CANCEL))));
    assert_eq!(uart.receive_abort(), Ok(()));
    line.received.borrow_mut().extend([b'r', b'r', b'x']);
    uart.receive_buffer(bytes(0, 2), 2).unwrap();
    assert_eq!(client.received.get(), None, "not inside the call");
    DeferredCall::service_next_pending();
    assert_eq!(client.received.get(), Some((2, Ok(()))));
    assert_eq!(line.received.borrow().len(), 1, "no more than asked for");
}

fn only_plain_frames_are_configured(uart: &Uart<&Line>) {
    let plain = Parameters {
        baud_rate: 115_200,
        width: Width::Eight,
        parity: Parity::None,
        stop_bits: StopBits::One,
        hw_flow_control: false,
    };
    assert_eq!(uart.configure(plain), Ok(()));
    let stopped = Parameters {
        baud_rate: 0,
        ..plain
    };
    assert_eq!(uart.configure(stopped), Err(ErrorCode::INVAL));
    let even = Parameters {
        parity: Parity::Even,
        ..plain
    };
    assert_eq!(uart.configure(even), Err(ErrorCode::NOSUPPORT));
}

#[test]
fn a_polled_writer_needs_no_interrupt() {
    let line = Line::default();
    line.room.set(16);
    for baud in [115_200, 9600] {
        let mut writer = PolledWriter::new(&line, baud);
        write!(writer, "panic").unwrap();
        writer.flush();
    }
    assert_eq!(line.sent.borrow().as_slice(), b"panicpanic");
    assert_eq!(line.baud.get(), 115_200, "configured once");
}
