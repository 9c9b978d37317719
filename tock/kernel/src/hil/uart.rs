//! Asynchronous serial ports.
//!
//! One transmission and one reception can be under way at a time. Buffers go
//! in with the call and come back with the callback, which never comes from
//! within the call.

use crate::errorcode::ErrorCode;

/// Stop bits of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopBits {
    /// One.
    One = 1,
    /// Two.
    Two = 2,
}

/// Parity bit of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// None.
    None = 0,
    /// Odd.
    Odd = 1,
    /// Even.
    Even = 2,
}

/// Data bits of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// Six.
    Six = 6,
    /// Seven.
    Seven = 7,
    /// Eight.
    Eight = 8,
}

/// Line settings.
#[derive(Clone, Copy, Debug)]
pub struct Parameters {
    /// Bits a second.
    pub baud_rate: u32,
    /// Data bits.
    pub width: Width,
    /// Parity bit.
    pub parity: Parity,
    /// Stop bits.
    pub stop_bits: StopBits,
    /// Whether RTS and CTS are used.
    pub hw_flow_control: bool,
}

/// What went wrong with a reception on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Nothing.
    None,
    /// A parity bit was wrong.
    ParityError,
    /// A stop bit was missing.
    FramingError,
    /// Bytes came faster than they were taken.
    OverrunError,
    /// A reception was started twice.
    RepeatCallError,
    /// The port was reset.
    ResetError,
    /// A break came.
    BreakError,
    /// The reception was aborted.
    Aborted,
}

/// A whole serial port.
pub trait Uart<'a>: Configure + Transmit<'a> + Receive<'a> {}
impl<'a, T: Configure + Transmit<'a> + Receive<'a>> Uart<'a> for T {}

/// A serial port whose settings are somebody else's business.
pub trait UartData<'a>: Transmit<'a> + Receive<'a> {}
impl<'a, T: Transmit<'a> + Receive<'a>> UartData<'a> for T {}

/// Line settings.
pub trait Configure {
    /// Applies `params`. `OFF`: no power; `INVAL`: impossible (a rate of 0);
    /// `NOSUPPORT`: not on this hardware.
    fn configure(&self, params: Parameters) -> Result<(), ErrorCode>;
}

/// The sending half.
pub trait Transmit<'a> {
    /// Names who hears of finished transmissions.
    fn set_transmit_client(&self, client: &'a dyn TransmitClient);

    /// Sends the first `tx_len` bytes of `tx_buffer`. `BUSY`: one is under
    /// way; `SIZE`: longer than the buffer.
    fn transmit_buffer(
        &self,
        tx_buffer: &'static mut [u8],
        tx_len: usize,
    ) -> Result<(), (ErrorCode, &'static mut [u8])>;

    /// Sends one word.
    fn transmit_word(&self, word: u32) -> Result<(), ErrorCode>;

    /// Stops the transmission under way. `Ok`: there is none, and no callback
    /// will come; `BUSY`: a callback with `CANCEL` will come; `FAIL`: it goes
    /// on, and the callback comes as usual.
    fn transmit_abort(&self) -> Result<(), ErrorCode>;
}

/// The receiving half.
pub trait Receive<'a> {
    /// Names who hears of finished receptions.
    fn set_receive_client(&self, client: &'a dyn ReceiveClient);

    /// Receives `rx_len` bytes into `rx_buffer`. `BUSY`: one is under way;
    /// `SIZE`: longer than the buffer.
    fn receive_buffer(
        &self,
        rx_buffer: &'static mut [u8],
        rx_len: usize,
    ) -> Result<(), (ErrorCode, &'static mut [u8])>;

    /// Receives one word.
    fn receive_word(&self) -> Result<(), ErrorCode>;

    /// Stops the reception under way. `Ok`: there is none, and no callback
    /// will come; `BUSY`: a callback with `CANCEL` and what has come so far
    /// will come.
    fn receive_abort(&self) -> Result<(), ErrorCode>;
}

/// Hears of finished transmissions.
pub trait TransmitClient {
    /// A word has been sent.
    fn transmitted_word(&self, _rval: Result<(), ErrorCode>) {}

    /// `tx_len` bytes of the buffer have been sent.
    fn transmitted_buffer(
        &self,
        tx_buffer: &'static mut [u8],
        tx_len: usize,
        rval: Result<(), ErrorCode>,
    );
}

/// Hears of finished receptions.
pub trait ReceiveClient {
    /// A word has come.
    fn received_word(&self, _word: u32, _rval: Result<(), ErrorCode>, _error: Error) {}

    /// `rx_len` bytes have come.
    fn received_buffer(
        &self,
        rx_buffer: &'static mut [u8],
        rx_len: usize,
        rval: Result<(), ErrorCode>,
        error: Error,
    );
}
