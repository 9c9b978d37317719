//! The low_level_debug driver, for Tock processes: alert codes and numbers,
//! printed without a buffer or an upcall.
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

use core::marker::PhantomData;

use libtock_platform::Syscalls;

/// Driver number (Tock's doc/syscalls/00008).
const DRIVER: u32 = 0x8;

/// Command numbers.
mod command {
    pub const EXISTS: u32 = 0;
    pub const PRINT_ALERT_CODE: u32 = 1;
    pub const PRINT_1: u32 = 2;
    pub const PRINT_2: u32 = 3;
}

/// The low-level debug driver. Nothing is reported about a message that the
/// kernel did not print: there would be nobody to tell.
pub struct LowLevelDebug<S: Syscalls>(PhantomData<S>);

/// Alerts with a number of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertCode {
    /// The process panicked.
    Panic = 0x01,
    /// The process is not where it was linked to run.
    WrongLocation = 0x02,
}

impl<S: Syscalls> LowLevelDebug<S> {
    /// Whether the process may use the driver.
    pub fn exists() -> bool {
        S::command(DRIVER, command::EXISTS, 0, 0).is_success()
    }

    /// Prints an alert.
    pub fn print_alert_code(code: AlertCode) {
        let _ = S::command(DRIVER, command::PRINT_ALERT_CODE, code as u32, 0);
    }

    /// Prints a number, in hexadecimal.
    pub fn print_1(x: u32) {
        let _ = S::command(DRIVER, command::PRINT_1, x, 0);
    }

    /// Prints two numbers, in hexadecimal.
    pub fn print_2(x: u32, y: u32) {
        let _ = S::command(DRIVER, command::PRINT_2, x, y);
    }
}

#[cfg(test)]
mod tests {
    use libtock_unittest::fake;

    use super::AlertCode;

    type LowLevelDebug = super::LowLevelDebug<fake::Syscalls>;

    #[test]
    fn exists_where_the_kernel_has_it() {
        let kernel = fake::Kernel::new();
        assert!(!LowLevelDebug::exists());
        kernel.add_driver(&fake::LowLevelDebug::new());
        assert!(LowLevelDebug::exists());
    }

    #[test]
    fn prints_what_it_was_given() {
        let kernel = fake::Kernel::new();
        let driver = fake::LowLevelDebug::new();
        kernel.add_driver(&driver);

        LowLevelDebug::print_alert_code(AlertCode::WrongLocation);
        LowLevelDebug::print_1(42);
        LowLevelDebug::print_2(7, 8);
        assert_eq!(
            driver.take_messages(),
            [
                fake::Message::AlertCode(2),
                fake::Message::Print1(42),
                fake::Message::Print2(7, 8)
            ]
        );
    }
}
