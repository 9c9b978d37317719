//! Userspace library for Tock processes: the drivers, bound to the device's
//! system calls, and a panic handler.
//!
//! ```text
//! #![no_main]
//! #![no_std]
//! use core::fmt::Write;
//! use libtock::console::Console;
//! use libtock::runtime::{set_main, stack_size};
//!
//! set_main! {main}
//! stack_size! {0x400}
//!
//! fn main() {
//!     let _ = writeln!(Console::writer(), "hello");
//! }
//! ```
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

extern crate libtock_small_panic;

pub use libtock_platform as platform;
pub use libtock_runtime as runtime;

/// Time and sleep.
pub mod alarm {
    /// The alarm driver.
    pub type Alarm = libtock_alarm::Alarm<super::runtime::TockSyscalls>;
    pub use libtock_alarm::{Convert, Hz, Milliseconds, Ticks};
}

/// Text to and from the console.
pub mod console {
    /// The console driver.
    pub type Console = libtock_console::Console<super::runtime::TockSyscalls>;
    pub use libtock_console::ConsoleWriter;
}

/// Numbers for debugging, without buffers.
pub mod low_level_debug {
    /// The low-level debug driver.
    pub type LowLevelDebug = libtock_low_level_debug::LowLevelDebug<super::runtime::TockSyscalls>;
    pub use libtock_low_level_debug::AlertCode;
}
