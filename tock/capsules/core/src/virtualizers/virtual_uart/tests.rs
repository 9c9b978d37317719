//! The mux over a UART that is done when the test says so.

extern crate std;

use super::*;
use crate::testing::{deferred_calls, settle};
use kernel::hil::uart::Configure;
use std::boxed::Box;
use std::cell::RefCell;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

type Transfer = RefCell<Option<(&'static mut [u8], usize)>>;

#[derive(Default)]
struct FakeUart {
    sending: Transfer,
    receiving: Transfer,
    aborted: Cell<bool>,
}

impl Configure for FakeUart {
    fn configure(&self, _parameters: Parameters) -> Result<(), ErrorCode> {
        Ok(())
    }
}

impl<'a> Transmit<'a> for FakeUart {
    fn set_transmit_client(&self, _client: &'a dyn TransmitClient) {}

    fn transmit_buffer(
        &self,
        buffer: &'static mut [u8],
        length: usize,
    ) -> Result<(), (ErrorCode, &'static mut [u8])> {
        if buffer[..length].contains(&b'!') {
            return Err((ErrorCode::OFF, buffer));
        }
        let before = self.sending.borrow_mut().replace((buffer, length));
        assert!(before.is_none(), "two transmissions at once");
        Ok(())
    }

    fn transmit_word(&self, _word: u32) -> Result<(), ErrorCode> {
        Err(ErrorCode::NOSUPPORT)
    }

    fn transmit_abort(&self) -> Result<(), ErrorCode> {
        Err(ErrorCode::FAIL)
    }
}

impl<'a> Receive<'a> for FakeUart {
    fn set_receive_client(&self, _client: &'a dyn ReceiveClient) {}

    fn receive_buffer(
        &self,
        buffer: &'static mut [u8],
        length: usize,
    ) -> Result<(), (ErrorCode, &'static mut [u8])> {
        let before = self.receiving.borrow_mut().replace((buffer, length));
        assert!(before.is_none(), "two receptions at once");
        Ok(())
    }

    fn receive_word(&self) -> Result<(), ErrorCode> {
        Err(ErrorCode::NOSUPPORT)
    }

    fn receive_abort(&self) -> Result<(), ErrorCode> {
        if self.receiving.borrow().is_none() {
            return Ok(());
        }
        self.aborted.set(true);
        Err(ErrorCode::BUSY)
    }
}

/// What a client of a device was told.
#[derive(Default)]
struct Log(RefCell<Vec<String>>);

impl Log {
    fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

impl TransmitClient for Log {
    fn transmitted_buffer(
        &self,
        _buffer: &'static mut [u8],
        length: usize,
        result: Result<(), ErrorCode>,
    ) {
        self.0
            .borrow_mut()
            .push(std::format!("sent {length} {result:?}"));
    }
}

impl ReceiveClient for Log {
    fn received_buffer(
        &self,
        buffer: &'static mut [u8],
        length: usize,
        result: Result<(), ErrorCode>,
        _error: Error,
    ) {
        let text = core::str::from_utf8(&buffer[..length]).unwrap().to_string();
        self.0.borrow_mut().push(std::format!("{text} {result:?}"));
    }
}

struct World {
    uart: &'static FakeUart,
    mux: &'static MuxUart<'static>,
}

impl World {
    fn new() -> Self {
        let uart: &'static FakeUart = Box::leak(Box::default());
        let mux = Box::leak(Box::new(MuxUart::new(uart, vec![0; 8].leak(), 9600)));
        let mux: &'static MuxUart<'static> = mux;
        mux.register();
        World { uart, mux }
    }

    fn device(&self, receives: bool) -> (&'static UartDevice<'static>, &'static Log) {
        let device = Box::leak(Box::new(UartDevice::new(self.mux, receives)));
        let device: &'static UartDevice<'static> = device;
        let log: &'static Log = Box::leak(Box::default());
        device.setup();
        device.set_transmit_client(log);
        device.set_receive_client(log);
        (device, log)
    }

    /// Lets the UART finish its transmission; returns what it was.
    fn sent(&self) -> Option<String> {
        settle();
        let (buffer, length) = self.uart.sending.borrow_mut().take()?;
        let text = core::str::from_utf8(&buffer[..length]).unwrap().to_string();
        self.mux.transmitted_buffer(buffer, length, Ok(()));
        Some(text)
    }

    /// Lets the UART receive as much of `bytes` as it was asked for, and says
    /// how much that was.
    fn arrive(&self, bytes: &[u8]) -> usize {
        settle();
        let (buffer, length) = self.uart.receiving.borrow_mut().take().unwrap();
        let arrived = length.min(bytes.len());
        buffer[..arrived].copy_from_slice(&bytes[..arrived]);
        let result = match self.uart.aborted.take() {
            true => Err(ErrorCode::CANCEL),
            false => Ok(()),
        };
        self.mux
            .received_buffer(buffer, arrived, result, Error::None);
        settle();
        arrived
    }
}

fn text(bytes: &str) -> &'static mut [u8] {
    bytes.as_bytes().to_vec().leak()
}

#[test]
fn transmissions_leave_whole_in_the_order_of_asking() {
    let _calls = deferred_calls();
    let world = World::new();
    let (first, first_log) = world.device(false);
    let (second, _) = world.device(false);
    first.transmit_buffer(text("one"), 3).unwrap();
    second.transmit_buffer(text("two"), 3).unwrap();
    assert_eq!(world.sent().as_deref(), Some("one"));
    assert_eq!(first_log.take(), ["sent 3 Ok(())"]);
    first.transmit_buffer(text("three"), 5).unwrap();
    assert_eq!(world.sent().as_deref(), Some("two"));
    assert_eq!(world.sent().as_deref(), Some("three"));
    assert_eq!(world.sent(), None);
}

#[test]
fn a_device_is_told_later_never_inside_its_own_call() {
    let _calls = deferred_calls();
    let world = World::new();
    let (device, log) = world.device(false);
    device.transmit_buffer(text("bad!"), 4).unwrap();
    assert!(log.take().is_empty());
    assert!(device.transmit_buffer(text("busy"), 4).is_err());
    settle();
    assert_eq!(log.take(), ["sent 0 Err(OFF)"]);
    device.transmit_buffer(text("good"), 4).unwrap();
    assert_eq!(world.sent().as_deref(), Some("good"));
}

#[test]
fn lengths_outside_the_buffer_are_refused() {
    let _calls = deferred_calls();
    let world = World::new();
    let (device, _) = world.device(true);
    assert!(device.transmit_buffer(text("ab"), 3).is_err());
    assert!(device.transmit_buffer(text("ab"), 0).is_err());
    assert!(device.receive_buffer(text("ab"), 3).is_err());
    assert!(device.receive_buffer(text("ab"), 0).is_err());
    let (deaf, _) = world.device(false);
    assert!(deaf.receive_buffer(text("ab"), 1).is_err());
}

#[test]
fn every_receiver_gets_every_byte() {
    let _calls = deferred_calls();
    let world = World::new();
    let (short, short_log) = world.device(true);
    let (long, long_log) = world.device(true);
    short.receive_buffer(text("..."), 2).unwrap();
    long.receive_buffer(text("....."), 5).unwrap();
    assert_eq!(world.arrive(b"hello"), 2, "no more than the first needs");
    assert_eq!(short_log.take(), ["he Ok(())"]);
    assert_eq!(world.arrive(b"llo"), 3);
    assert_eq!(long_log.take(), ["hello Ok(())"]);
    settle();
    assert!(world.uart.receiving.borrow().is_none());
}

#[test]
fn a_second_receiver_does_not_lose_what_the_first_has() {
    let _calls = deferred_calls();
    let world = World::new();
    let (first, first_log) = world.device(true);
    first.receive_buffer(text("...."), 4).unwrap();
    settle();
    let (second, second_log) = world.device(true);
    second.receive_buffer(text("."), 1).unwrap();
    // The UART had one byte when the mux made it stop.
    assert_eq!(world.arrive(b"a"), 1);
    assert_eq!(second_log.take(), ["a Ok(())"]);
    assert_eq!(world.arrive(b"bcd"), 3);
    assert_eq!(first_log.take(), ["abcd Ok(())"]);
}

#[test]
fn an_aborted_reception_keeps_its_bytes_and_says_so() {
    let _calls = deferred_calls();
    let world = World::new();
    let (device, log) = world.device(true);
    assert_eq!(device.receive_abort(), Ok(()));
    device.receive_buffer(text("...."), 4).unwrap();
    settle();
    assert_eq!(device.receive_abort(), Err(ErrorCode::BUSY));
    assert!(log.take().is_empty());
    world.arrive(b"xy");
    assert_eq!(log.take(), ["xy Err(CANCEL)"]);
    device.receive_buffer(text("."), 1).unwrap();
    world.arrive(b"z");
    assert_eq!(log.take(), ["z Ok(())"]);
}
