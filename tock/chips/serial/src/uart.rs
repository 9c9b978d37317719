//! Transfers of whole buffers.

use crate::port::Port;
use crate::progress::Progress;
use core::cell::Cell;
use kernel::deferred_call::{DeferredCall, DeferredCallClient};
use kernel::hil::uart::{
    Configure, Error, Parameters, Parity, Receive, ReceiveClient, StopBits, Transmit,
    TransmitClient, Width,
};
use kernel::utilities::cells::OptionalCell;
use kernel::ErrorCode;

/// A UART.
pub struct Uart<'a, P> {
    port: P,
    transmit: Progress,
    receive: Progress,
    receive_aborted: Cell<bool>,
    receive_soon: DeferredCall,
    transmit_client: OptionalCell<&'a dyn TransmitClient>,
    receive_client: OptionalCell<&'a dyn ReceiveClient>,
}

impl<P: Port> Uart<'_, P> {
    /// The UART behind `port`. Needs [`DeferredCallClient::register`].
    pub fn new(port: P) -> Self {
        Uart {
            port,
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
        let events = self.port.take_events();
        if events.received {
            self.drain();
        }
        if events.transmitted {
            self.continue_transmit();
        }
    }

    fn fill(&self) {
        self.transmit.advance(|byte| self.port.put(*byte));
    }

    fn continue_transmit(&self) {
        if !self.transmit.is_complete() {
            self.fill();
        } else if let Some((buffer, sent)) = self.transmit.end() {
            self.port.listen_transmitted(false);
            self.transmit_client
                .map(|client| client.transmitted_buffer(buffer, sent, Ok(())));
        }
    }

    fn drain(&self) {
        self.receive.advance(|byte| {
            let received = self.port.take();
            received.inspect(|received| *byte = *received).is_some()
        });
        if self.receive.is_complete() {
            self.finish_receive(Ok(()), Error::None);
        }
    }

    fn finish_receive(&self, result: Result<(), ErrorCode>, error: Error) {
        if let Some((buffer, length)) = self.receive.end() {
            self.port.listen_received(false);
            self.receive_client
                .map(|client| client.received_buffer(buffer, length, result, error));
        }
    }
}

impl<P: Port> Configure for Uart<'_, P> {
    fn configure(&self, parameters: Parameters) -> Result<(), ErrorCode> {
        let plain = parameters.width == Width::Eight
            && parameters.parity == Parity::None
            && parameters.stop_bits == StopBits::One
            && !parameters.hw_flow_control;
        if !plain {
            return Err(ErrorCode::NOSUPPORT);
        }
        self.port.configure(parameters.baud_rate)
    }
}

impl<'a, P: Port> Transmit<'a> for Uart<'a, P> {
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
        if self.transmit.is_under_way() {
            return Err((ErrorCode::BUSY, tx_buffer));
        }
        self.transmit.begin(tx_buffer, tx_len);
        self.port.listen_transmitted(true);
        self.fill();
        Ok(())
    }

    fn transmit_word(&self, _word: u32) -> Result<(), ErrorCode> {
        Err(ErrorCode::NOSUPPORT)
    }

    /// What the UART has taken leaves anyway, so a running transmission completes.
    fn transmit_abort(&self) -> Result<(), ErrorCode> {
        if self.transmit.is_under_way() {
            Err(ErrorCode::FAIL)
        } else {
            Ok(())
        }
    }
}

impl<'a, P: Port> Receive<'a> for Uart<'a, P> {
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
        if self.receive.is_under_way() {
            return Err((ErrorCode::BUSY, rx_buffer));
        }
        self.receive.begin(rx_buffer, rx_len);
        self.receive_aborted.set(false);
        self.port.listen_received(true);
        // Bytes that came before raise no new interrupt.
        self.receive_soon.set();
        Ok(())
    }

    fn receive_word(&self) -> Result<(), ErrorCode> {
        Err(ErrorCode::NOSUPPORT)
    }

    fn receive_abort(&self) -> Result<(), ErrorCode> {
        if !self.receive.is_under_way() {
            return Ok(());
        }
        self.receive_aborted.set(true);
        self.receive_soon.set();
        Err(ErrorCode::BUSY)
    }
}

impl<P: Port> DeferredCallClient for Uart<'_, P> {
    fn handle_deferred_call(&self) {
        if self.receive_aborted.take() {
            self.finish_receive(Err(ErrorCode::CANCEL), Error::Aborted);
        } else if self.receive.is_under_way() {
            self.drain();
        }
    }

    fn register(&'static self) {
        self.receive_soon.register(self);
    }
}

#[cfg(test)]
mod tests;
