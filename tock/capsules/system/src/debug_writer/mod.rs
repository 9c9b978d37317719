//! Where the kernel's log can go.

pub mod uart_debug_writer;
