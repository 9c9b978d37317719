//! The UART over registers in plain memory.

extern crate std;
use super::*;
use std::boxed::Box;
use std::vec;
use std::vec::Vec;

const FULL: u32 = 1 << 0;
const EMPTY: u32 = 1 << 5;

/// The registers in plain memory. They keep what is written, so the UART's
/// side is played by writing status and data.
#[derive(Clone, Copy)]
struct Memory(*mut u32);

impl Memory {
    fn new() -> Self {
        Memory(Box::leak(Box::new([0u32; 9])).as_mut_ptr())
    }

    fn registers(self) -> StaticRef<UartRegisters> {
        // SAFETY: as long as the registers, aligned, and leaked.
        unsafe { StaticRef::new(self.0.cast()) }
    }

    fn set(self, offset: usize, value: u32) {
        // SAFETY: within the block, which one thread uses.
        unsafe { self.0.add(offset / 4).write_volatile(value) }
    }

    fn get(self, offset: usize) -> u32 {
        // SAFETY: as in `set`.
        unsafe { self.0.add(offset / 4).read_volatile() }
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

fn zeros(length: usize) -> &'static mut [u8] {
    Vec::leak(vec![0; length])
}

/// One test, because the kernel's deferred calls are one state.
#[test]
fn transfers_end_with_an_interrupt_and_not_before() {
    // SAFETY: no other test here uses deferred calls.
    unsafe {
        kernel::deferred_call::initialize_deferred_call_state_unsafe::<OneThread>();
    }
    let memory = Memory::new();
    let uart: &'static Uart = Box::leak(Box::new(Uart::new(memory.registers(), 50_000_000)));
    let client: &'static Client = Box::leak(Box::default());
    uart.register();
    uart.set_transmit_client(client);
    uart.set_receive_client(client);

    // Transmission: part by part, as the FIFO has room.
    assert!(uart.transmit_buffer(zeros(3), 4).is_err());
    memory.set(0x14, FULL);
    uart.transmit_buffer(zeros(3), 3).unwrap();
    assert!(uart.transmit_buffer(zeros(3), 3).is_err(), "one at a time");
    assert_eq!(uart.transmit_abort(), Err(ErrorCode::FAIL));
    memory.set(0x14, 0);
    memory.set(0x00, 1 << 2);
    uart.handle_interrupt();
    assert_eq!(
        client.sent.get(),
        None,
        "the bytes are in the FIFO only now"
    );
    memory.set(0x00, 1 << 2);
    uart.handle_interrupt();
    assert_eq!(client.sent.get(), Some(3));
    assert_eq!(memory.get(0x04) & (1 << 2), 0, "no more interrupts");

    // Reception: what is there already, then an abort.
    memory.set(0x14, EMPTY);
    memory.set(0x18, u32::from(b'r'));
    uart.receive_buffer(zeros(2), 2).unwrap();
    DeferredCall::service_next_pending();
    assert_eq!(client.received.get(), None);
    assert_eq!(uart.receive_abort(), Err(ErrorCode::BUSY));
    DeferredCall::service_next_pending();
    assert_eq!(client.received.take(), Some((0, Err(ErrorCode::CANCEL))));
    memory.set(0x14, 0);
    uart.receive_buffer(zeros(2), 2).unwrap();
    assert_eq!(client.received.get(), None, "not inside the call");
    DeferredCall::service_next_pending();
    assert_eq!(client.received.get(), Some((2, Ok(()))));
}

#[test]
fn the_rate_is_a_fraction_of_the_clock() {
    // Register documentation: NCO = 2^20 * baud / clock.
    assert_eq!(rate(115_200, 50_000_000), Ok(2415));
    assert_eq!(rate(4_000_000, 50_000_000), Err(ErrorCode::INVAL));
    assert_eq!(rate(1, 50_000_000), Err(ErrorCode::INVAL));
    assert_eq!(rate(9600, 0), Err(ErrorCode::INVAL));
}
