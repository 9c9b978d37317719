//! UART (lowRISC `uart`): interrupt-driven, and polled for panics.

use core::cell::Cell;
use kernel::deferred_call::{DeferredCall, DeferredCallClient};
use kernel::hil::uart::{
    Configure, Error, Parameters, Parity, Receive, ReceiveClient, StopBits, Transmit,
    TransmitClient, Width,
};
use kernel::utilities::cells::{OptionalCell, TakeCell};
use kernel::utilities::io_write::IoWrite;
use kernel::utilities::StaticRef;
use kernel::ErrorCode;
use tock_registers::interfaces::{ReadWriteable, Readable, Writeable};
use tock_registers::registers::{ReadOnly, ReadWrite, WriteOnly};
use tock_registers::{register_bitfields, register_structs};

register_structs! {
    /// Registers of the UART.
    pub UartRegisters {
        (0x00 => interrupt_state: ReadWrite<u32, Interrupts::Register>),
        (0x04 => interrupt_enable: ReadWrite<u32, Interrupts::Register>),
        (0x08 => _tests),
        (0x10 => control: ReadWrite<u32, Control::Register>),
        (0x14 => status: ReadOnly<u32, Status::Register>),
        (0x18 => read_data: ReadOnly<u32>),
        (0x1c => write_data: WriteOnly<u32>),
        (0x20 => fifo_control: ReadWrite<u32, FifoControl::Register>),
        (0x24 => @END),
    }
}

register_bitfields![u32,
    Interrupts [
        RECEIVED OFFSET(1) NUMBITS(1) [],
        /// The transmit FIFO has run empty.
        TRANSMITTED OFFSET(2) NUMBITS(1) []
    ],
    Control [
        TRANSMIT OFFSET(0) NUMBITS(1) [],
        RECEIVE OFFSET(1) NUMBITS(1) [],
        /// Baud rate, as a fraction of the clock in units of 2^-20.
        RATE OFFSET(16) NUMBITS(16) []
    ],
    Status [
        TRANSMIT_FULL OFFSET(0) NUMBITS(1) [],
        TRANSMIT_EMPTY OFFSET(2) NUMBITS(1) [],
        TRANSMIT_IDLE OFFSET(3) NUMBITS(1) [],
        RECEIVE_EMPTY OFFSET(5) NUMBITS(1) []
    ],
    FifoControl [
        RESET_RECEIVE OFFSET(0) NUMBITS(1) [],
        RESET_TRANSMIT OFFSET(1) NUMBITS(1) [],
        /// 0: interrupt at every received byte.
        RECEIVE_LEVEL OFFSET(2) NUMBITS(3) []
    ]
];

/// A buffer of which the first `done` of `length` bytes have been handled.
struct Progress {
    buffer: TakeCell<'static, [u8]>,
    length: Cell<usize>,
    done: Cell<usize>,
}

impl Progress {
    const fn none() -> Self {
        Progress {
            buffer: TakeCell::empty(),
            length: Cell::new(0),
            done: Cell::new(0),
        }
    }

    fn begin(&self, buffer: &'static mut [u8], length: usize) {
        self.buffer.replace(buffer);
        self.length.set(length);
        self.done.set(0);
    }

    /// Handles bytes with `step` until it has no more or the length is reached;
    /// says whether the length is reached.
    fn advance(&self, mut step: impl FnMut(&mut u8) -> bool) -> bool {
        self.buffer.map(|buffer| {
            let pending = self.length.get().min(buffer.len());
            for byte in buffer.iter_mut().take(pending).skip(self.done.get()) {
                if !step(byte) {
                    break;
                }
                self.done.set(self.done.get().saturating_add(1));
            }
        });
        self.done.get() >= self.length.get()
    }
}

/// A UART.
pub struct Uart<'a> {
    registers: StaticRef<UartRegisters>,
    clock_hz: u32,
    transmit: Progress,
    receive: Progress,
    receive_aborted: Cell<bool>,
    receive_soon: DeferredCall,
    transmit_client: OptionalCell<&'a dyn TransmitClient>,
    receive_client: OptionalCell<&'a dyn ReceiveClient>,
}

impl<'a> Uart<'a> {
    /// The UART behind `registers`, whose input clock is `clock_hz`.
    pub fn new(registers: StaticRef<UartRegisters>, clock_hz: u32) -> Self {
        Uart {
            registers,
            clock_hz,
            transmit: Progress::none(),
            receive: Progress::none(),
            receive_aborted: Cell::new(false),
            receive_soon: DeferredCall::new(),
            transmit_client: OptionalCell::empty(),
            receive_client: OptionalCell::empty(),
        }
    }

    /// Continues transfers. The chip calls this for any of the UART's interrupts.
    pub fn handle_interrupt(&self) {
        let pending = self.registers.interrupt_state.extract();
        self.registers.interrupt_state.set(pending.get());
        if pending.is_set(Interrupts::RECEIVED) {
            self.drain();
        }
        if pending.is_set(Interrupts::TRANSMITTED) {
            self.continue_transmit();
        }
    }

    fn fill(&self) -> bool {
        self.transmit.advance(|byte| {
            let room = !self.registers.status.is_set(Status::TRANSMIT_FULL);
            if room {
                self.registers.write_data.set(u32::from(*byte));
            }
            room
        })
    }

    fn continue_transmit(&self) {
        let sent = self.transmit.done.get();
        if sent < self.transmit.length.get() {
            self.fill();
        } else if let Some(buffer) = self.transmit.buffer.take() {
            self.registers
                .interrupt_enable
                .modify(Interrupts::TRANSMITTED::CLEAR);
            self.transmit_client
                .map(|client| client.transmitted_buffer(buffer, sent, Ok(())));
        }
    }

    fn drain(&self) {
        let complete = self.receive.advance(|byte| {
            let available = !self.registers.status.is_set(Status::RECEIVE_EMPTY);
            if available {
                *byte = self.registers.read_data.get() as u8;
            }
            available
        });
        if complete {
            self.finish_receive(Ok(()), Error::None);
        }
    }

    fn finish_receive(&self, result: Result<(), ErrorCode>, error: Error) {
        if let Some(buffer) = self.receive.buffer.take() {
            self.registers
                .interrupt_enable
                .modify(Interrupts::RECEIVED::CLEAR);
            let length = self.receive.done.get();
            self.receive_client
                .map(|client| client.received_buffer(buffer, length, result, error));
        }
    }
}

/// `Control::RATE` for a baud rate; `INVAL` if the clock cannot make it.
fn rate(baud: u32, clock_hz: u32) -> Result<u16, ErrorCode> {
    // Sixteen-fold oversampling against a 2^-16 counter makes 2^-20.
    (u64::from(baud) << 20)
        .checked_div(u64::from(clock_hz))
        .and_then(|rate| u16::try_from(rate).ok())
        .filter(|rate| *rate > 0)
        .ok_or(ErrorCode::INVAL)
}

impl Configure for Uart<'_> {
    fn configure(&self, parameters: Parameters) -> Result<(), ErrorCode> {
        let plain = parameters.width == Width::Eight
            && parameters.parity == Parity::None
            && parameters.stop_bits == StopBits::One
            && !parameters.hw_flow_control;
        if !plain {
            return Err(ErrorCode::NOSUPPORT);
        }
        let rate = rate(parameters.baud_rate, self.clock_hz)?;
        self.registers.interrupt_enable.set(0);
        self.registers
            .fifo_control
            .write(FifoControl::RESET_RECEIVE::SET + FifoControl::RESET_TRANSMIT::SET);
        self.registers.control.write(
            Control::TRANSMIT::SET + Control::RECEIVE::SET + Control::RATE.val(u32::from(rate)),
        );
        Ok(())
    }
}

impl<'a> Transmit<'a> for Uart<'a> {
    fn set_transmit_client(&self, client: &'a dyn TransmitClient) {
        self.transmit_client.set(client);
    }

    fn transmit_buffer(
        &self,
        tx_buffer: &'static mut [u8],
        tx_len: usize,
    ) -> Result<(), (ErrorCode, &'static mut [u8])> {
        if tx_len == 0 || tx_len > tx_buffer.len() {
            return Err((ErrorCode::SIZE, tx_buffer));
        }
        if self.transmit.buffer.is_some() {
            return Err((ErrorCode::BUSY, tx_buffer));
        }
        self.transmit.begin(tx_buffer, tx_len);
        self.registers
            .interrupt_state
            .write(Interrupts::TRANSMITTED::SET);
        self.fill();
        self.registers
            .interrupt_enable
            .modify(Interrupts::TRANSMITTED::SET);
        Ok(())
    }

    fn transmit_word(&self, _word: u32) -> Result<(), ErrorCode> {
        Err(ErrorCode::NOSUPPORT)
    }

    /// What is in the FIFO leaves anyway, so a running transmission completes.
    fn transmit_abort(&self) -> Result<(), ErrorCode> {
        if self.transmit.buffer.is_some() {
            Err(ErrorCode::FAIL)
        } else {
            Ok(())
        }
    }
}

impl<'a> Receive<'a> for Uart<'a> {
    fn set_receive_client(&self, client: &'a dyn ReceiveClient) {
        self.receive_client.set(client);
    }

    fn receive_buffer(
        &self,
        rx_buffer: &'static mut [u8],
        rx_len: usize,
    ) -> Result<(), (ErrorCode, &'static mut [u8])> {
        if rx_len == 0 || rx_len > rx_buffer.len() {
            return Err((ErrorCode::SIZE, rx_buffer));
        }
        if self.receive.buffer.is_some() {
            return Err((ErrorCode::BUSY, rx_buffer));
        }
        self.receive.begin(rx_buffer, rx_len);
        self.receive_aborted.set(false);
        self.registers
            .interrupt_enable
            .modify(Interrupts::RECEIVED::SET);
        // Bytes that came before raise no new interrupt.
        self.receive_soon.set();
        Ok(())
    }

    fn receive_word(&self) -> Result<(), ErrorCode> {
        Err(ErrorCode::NOSUPPORT)
    }

    fn receive_abort(&self) -> Result<(), ErrorCode> {
        if self.receive.buffer.is_none() {
            return Ok(());
        }
        self.receive_aborted.set(true);
        self.receive_soon.set();
        Err(ErrorCode::BUSY)
    }
}

impl DeferredCallClient for Uart<'_> {
    fn handle_deferred_call(&self) {
        if self.receive_aborted.take() {
            self.finish_receive(Err(ErrorCode::CANCEL), Error::Aborted);
        } else if self.receive.buffer.is_some() {
            self.drain();
        }
    }

    fn register(&'static self) {
        self.receive_soon.register(self);
    }
}

/// Writes by polling, for a kernel that has stopped: interrupts and transfers
/// in progress are left behind.
pub struct PolledWriter {
    registers: StaticRef<UartRegisters>,
}

impl PolledWriter {
    /// A writer to the UART behind `registers`, which must be configured.
    pub const fn new(registers: StaticRef<UartRegisters>) -> Self {
        PolledWriter { registers }
    }

    /// Waits until the last byte has left.
    pub fn flush(&self) {
        let gone = Status::TRANSMIT_EMPTY::SET + Status::TRANSMIT_IDLE::SET;
        while !self.registers.status.matches_all(gone) {}
    }
}

impl IoWrite for PolledWriter {
    fn write(&mut self, bytes: &[u8]) -> usize {
        for byte in bytes {
            while self.registers.status.is_set(Status::TRANSMIT_FULL) {}
            self.registers.write_data.set(u32::from(*byte));
        }
        bytes.len()
    }
}

impl core::fmt::Write for PolledWriter {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.write(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
