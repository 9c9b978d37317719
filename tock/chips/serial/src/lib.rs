//! A serial port: interrupt-driven transfers of whole buffers, and polled writing
//! for panics, over the registers of any UART.

#![no_std]
#![cfg_attr(not(test), forbid(unsafe_code))]

mod polled;
mod port;
mod progress;
mod uart;

pub use polled::PolledWriter;
pub use port::{Events, Port};
pub use uart::Uart;
