//! Any number of UART clients on one UART.
//!
//! Transmissions leave whole, in the order in which they were asked for. What
//! is received goes to every client that is receiving.

use core::cell::Cell;
use kernel::collections::list::{List, ListLink, ListNode};
use kernel::deferred_call::{DeferredCall, DeferredCallClient};
use kernel::hil::uart::{
    Error, Parameters, Parity, Receive, ReceiveClient, StopBits, Transmit, TransmitClient, Uart,
    Width,
};
use kernel::utilities::cells::{OptionalCell, TakeCell};
use kernel::ErrorCode;

/// Room for received bytes that a board should give [`MuxUart::new`].
pub const RX_BUF_LEN: usize = 64;

/// The UART and the clients that share it.
pub struct MuxUart<'a> {
    uart: &'a dyn Uart<'a>,
    speed: u32,
    devices: List<'a, UartDevice<'a>>,
    transmitting: OptionalCell<&'a UartDevice<'a>>,
    /// Given to the next device that wants to transmit.
    ticket: Cell<u32>,
    /// Here unless the UART is receiving into it.
    buffer: TakeCell<'static, [u8]>,
    soon: DeferredCall,
}

impl<'a> MuxUart<'a> {
    /// Shares `uart`, of which this must become both clients, at `speed` baud.
    /// Needs [`DeferredCallClient::register`], then [`MuxUart::initialize`].
    pub fn new(uart: &'a dyn Uart<'a>, buffer: &'static mut [u8], speed: u32) -> MuxUart<'a> {
        MuxUart {
            uart,
            speed,
            devices: List::new(),
            transmitting: OptionalCell::empty(),
            ticket: Cell::new(0),
            buffer: TakeCell::new(buffer),
            soon: DeferredCall::new(),
        }
    }

    /// Configures the UART: eight bits, no parity, one stop bit.
    pub fn initialize(&self) {
        // Devices report a UART that cannot be configured when they use it.
        let _ = self.uart.configure(Parameters {
            baud_rate: self.speed,
            width: Width::Eight,
            stop_bits: StopBits::One,
            parity: Parity::None,
            hw_flow_control: false,
        });
    }

    fn start_transmit(&self) {
        if self.transmitting.is_some() {
            return;
        }
        let waiting = self.devices.iter().filter(|d| d.transmit_buffer.is_some());
        let now = self.ticket.get();
        // The oldest ticket; the counter may have wrapped.
        let Some(device) = waiting.max_by_key(|d| now.wrapping_sub(d.ticket.get())) else {
            return;
        };
        let Some(buffer) = device.transmit_buffer.take() else {
            return;
        };
        let length = device.transmit_length.get();
        match self.uart.transmit_buffer(buffer, length) {
            Ok(()) => self.transmitting.set(device),
            Err((error, buffer)) => {
                device.transmitted(buffer, 0, Err(error));
                self.soon.set();
            }
        }
    }

    fn receivers(&self) -> impl Iterator<Item = &'a UartDevice<'a>> {
        self.devices
            .iter()
            .filter(|device| device.receiving.get() != Receiving::Idle)
    }

    fn start_receive(&self) {
        self.finish_receivers(Ok(()), Error::None);
        let Some(buffer) = self.buffer.take() else {
            return;
        };
        let wanted = self.receivers().map(UartDevice::wanted).min().unwrap_or(0);
        let length = wanted.min(buffer.len());
        if length == 0 {
            self.buffer.replace(buffer);
            return;
        }
        if let Err((error, buffer)) = self.uart.receive_buffer(buffer, length) {
            self.buffer.replace(buffer);
            self.finish_receivers(Err(error), Error::None);
        }
    }

    /// Completes the receptions that are full, aborted, or all if `result` is
    /// an error.
    fn finish_receivers(&self, result: Result<(), ErrorCode>, error: Error) {
        for device in self.receivers() {
            if device.receiving.get() == Receiving::Aborting {
                device.received(Err(ErrorCode::CANCEL), Error::Aborted);
            } else if result.is_err() || device.wanted() == 0 {
                device.received(result, error);
            }
        }
    }

    /// The set of receivers changed: what the UART was told to receive no
    /// longer fits.
    fn reconsider_receive(&self) {
        if self.buffer.is_some() || self.uart.receive_abort().is_ok() {
            self.soon.set();
        }
    }
}

impl DeferredCallClient for MuxUart<'_> {
    fn handle_deferred_call(&self) {
        self.start_transmit();
        self.start_receive();
    }

    fn register(&'static self) {
        self.soon.register(self);
    }
}

impl TransmitClient for MuxUart<'_> {
    fn transmitted_buffer(
        &self,
        tx_buffer: &'static mut [u8],
        tx_len: usize,
        rval: Result<(), ErrorCode>,
    ) {
        if let Some(device) = self.transmitting.take() {
            device.transmitted(tx_buffer, tx_len, rval);
        }
        self.start_transmit();
    }
}

impl ReceiveClient for MuxUart<'_> {
    fn received_buffer(
        &self,
        rx_buffer: &'static mut [u8],
        rx_len: usize,
        rval: Result<(), ErrorCode>,
        error: Error,
    ) {
        let received = rx_buffer.get(..rx_len).unwrap_or(&[]);
        for device in self.receivers() {
            device.append(received);
        }
        self.buffer.replace(rx_buffer);
        // An abort is this mux's own doing, not news for the devices.
        let result = match rval {
            Err(ErrorCode::CANCEL) => Ok(()),
            other => other,
        };
        self.finish_receivers(result, error);
        self.soon.set();
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Receiving {
    Idle,
    Waiting,
    Aborting,
}

/// One client's view of the UART.
pub struct UartDevice<'a> {
    mux: &'a MuxUart<'a>,
    receiver: bool,
    transmit_buffer: TakeCell<'static, [u8]>,
    transmit_length: Cell<usize>,
    transmitting: Cell<bool>,
    ticket: Cell<u32>,
    receive_buffer: TakeCell<'static, [u8]>,
    receive_length: Cell<usize>,
    receive_done: Cell<usize>,
    receiving: Cell<Receiving>,
    next: ListLink<'a, UartDevice<'a>>,
    transmit_client: OptionalCell<&'a dyn TransmitClient>,
    receive_client: OptionalCell<&'a dyn ReceiveClient>,
}

impl<'a> UartDevice<'a> {
    /// A client of `mux`, which receives only if `receiver`;
    /// [`UartDevice::setup`] must follow.
    pub fn new(mux: &'a MuxUart<'a>, receiver: bool) -> UartDevice<'a> {
        UartDevice {
            mux,
            receiver,
            transmit_buffer: TakeCell::empty(),
            transmit_length: Cell::new(0),
            transmitting: Cell::new(false),
            ticket: Cell::new(0),
            receive_buffer: TakeCell::empty(),
            receive_length: Cell::new(0),
            receive_done: Cell::new(0),
            receiving: Cell::new(Receiving::Idle),
            next: ListLink::empty(),
            transmit_client: OptionalCell::empty(),
            receive_client: OptionalCell::empty(),
        }
    }

    /// Makes the device known to its mux. Once, after it is in its final place.
    pub fn setup(&'a self) {
        self.mux.devices.push_head(self);
    }

    fn transmitted(&self, buffer: &'static mut [u8], length: usize, result: Result<(), ErrorCode>) {
        self.transmitting.set(false);
        self.transmit_client
            .map(|client| client.transmitted_buffer(buffer, length, result));
    }

    /// Bytes that the present reception still lacks.
    fn wanted(&self) -> usize {
        self.receive_length
            .get()
            .saturating_sub(self.receive_done.get())
    }

    fn append(&self, received: &[u8]) {
        let taken = self.receive_buffer.map_or(0, |buffer| {
            let room = buffer.iter_mut().skip(self.receive_done.get());
            let pairs = room.take(self.wanted()).zip(received);
            pairs.map(|(to, from)| *to = *from).count()
        });
        self.receive_done
            .set(self.receive_done.get().saturating_add(taken));
    }

    fn received(&self, result: Result<(), ErrorCode>, error: Error) {
        self.receiving.set(Receiving::Idle);
        if let Some(buffer) = self.receive_buffer.take() {
            let length = self.receive_done.get();
            self.receive_client
                .map(|client| client.received_buffer(buffer, length, result, error));
        }
    }
}

impl<'a> ListNode<'a, UartDevice<'a>> for UartDevice<'a> {
    fn next(&'a self) -> &'a ListLink<'a, UartDevice<'a>> {
        &self.next
    }
}

impl<'a> Transmit<'a> for UartDevice<'a> {
    fn set_transmit_client(&self, client: &'a dyn TransmitClient) {
        self.transmit_client.set(client);
    }

    fn transmit_buffer(
        &self,
        tx_buffer: &'static mut [u8],
        tx_len: usize,
    ) -> Result<(), (ErrorCode, &'static mut [u8])> {
        if self.transmitting.get() {
            return Err((ErrorCode::BUSY, tx_buffer));
        }
        if tx_len == 0 || tx_len > tx_buffer.len() {
            return Err((ErrorCode::SIZE, tx_buffer));
        }
        self.transmitting.set(true);
        self.transmit_length.set(tx_len);
        self.transmit_buffer.replace(tx_buffer);
        self.ticket.set(self.mux.ticket.get());
        self.mux.ticket.set(self.mux.ticket.get().wrapping_add(1));
        self.mux.soon.set();
        Ok(())
    }

    fn transmit_word(&self, _word: u32) -> Result<(), ErrorCode> {
        Err(ErrorCode::NOSUPPORT)
    }

    fn transmit_abort(&self) -> Result<(), ErrorCode> {
        if self.transmitting.get() {
            Err(ErrorCode::FAIL)
        } else {
            Ok(())
        }
    }
}

impl<'a> Receive<'a> for UartDevice<'a> {
    fn set_receive_client(&self, client: &'a dyn ReceiveClient) {
        self.receive_client.set(client);
    }

    fn receive_buffer(
        &self,
        rx_buffer: &'static mut [u8],
        rx_len: usize,
    ) -> Result<(), (ErrorCode, &'static mut [u8])> {
        if !self.receiver {
            return Err((ErrorCode::NOSUPPORT, rx_buffer));
        }
        if self.receiving.get() != Receiving::Idle {
            return Err((ErrorCode::BUSY, rx_buffer));
        }
        if rx_len == 0 || rx_len > rx_buffer.len() {
            return Err((ErrorCode::SIZE, rx_buffer));
        }
        self.receive_buffer.replace(rx_buffer);
        self.receive_length.set(rx_len);
        self.receive_done.set(0);
        self.receiving.set(Receiving::Waiting);
        self.mux.reconsider_receive();
        Ok(())
    }

    fn receive_word(&self) -> Result<(), ErrorCode> {
        Err(ErrorCode::NOSUPPORT)
    }

    fn receive_abort(&self) -> Result<(), ErrorCode> {
        if self.receiving.get() == Receiving::Idle {
            return Ok(());
        }
        self.receiving.set(Receiving::Aborting);
        self.mux.reconsider_receive();
        Err(ErrorCode::BUSY)
    }
}

#[cfg(test)]
mod tests;
