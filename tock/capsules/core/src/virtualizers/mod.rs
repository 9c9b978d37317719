//! Sharing one hardware resource among several capsules.

pub mod virtual_alarm;
pub mod virtual_uart;
