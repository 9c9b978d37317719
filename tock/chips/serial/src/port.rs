//! What a UART's registers must be able to do.

use kernel::ErrorCode;

/// What a UART's interrupt was for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// There is room to transmit again, or all is gone.
    pub transmitted: bool,
    /// There may be something received.
    pub received: bool,
}

/// A UART that moves bytes: eight bits, no parity, one stop bit.
pub trait Port {
    /// Sets the rate and switches both directions on, without interrupts.
    /// `INVAL` if the clock cannot make that rate.
    fn configure(&self, baud: u32) -> Result<(), ErrorCode>;

    /// Whether bytes that are [`Port::put`] leave: it has been configured.
    fn is_on(&self) -> bool;

    /// Starts to send a byte, if there is room for it; says whether there was.
    fn put(&self, byte: u8) -> bool;

    /// Takes a received byte, if there is one.
    fn take(&self) -> Option<u8>;

    /// Whether an interrupt comes after bytes that are [`Port::put`] from now on.
    fn listen_transmitted(&self, on: bool);

    /// Whether an interrupt comes when a byte has been received.
    fn listen_received(&self, on: bool);

    /// What has happened since the last call, which the UART forgets.
    fn take_events(&self) -> Events;

    /// Whether the last byte has left.
    fn is_idle(&self) -> bool;
}
