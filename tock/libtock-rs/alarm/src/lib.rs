//! The alarm driver, for Tock processes: the time since boot, and sleep.
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

use core::cell::Cell;
use core::marker::PhantomData;

use libtock_platform::{self as platform, share, DefaultConfig, ErrorCode, Syscalls};

mod time;

pub use time::{Convert, Hz, Milliseconds, Ticks};

/// Driver number (Tock's doc/syscalls/00000).
const DRIVER: u32 = 0x0;

/// Command numbers.
mod command {
    pub const EXISTS: u32 = 0;
    pub const FREQUENCY: u32 = 1;
    pub const TIME: u32 = 2;
    pub const SET_RELATIVE: u32 = 5;
}

/// Number of the upcall that says an alarm has fired.
const FIRED: u32 = 0;

/// The alarm driver.
pub struct Alarm<S: Syscalls, C: platform::subscribe::Config = DefaultConfig>(PhantomData<(S, C)>);

impl<S: Syscalls, C: platform::subscribe::Config> Alarm<S, C> {
    /// Whether the process may use the driver.
    ///
    /// # Errors
    /// What the kernel answers, `NoDevice` in general.
    pub fn exists() -> Result<(), ErrorCode> {
        S::command(DRIVER, command::EXISTS, 0, 0).to_result()
    }

    /// How many ticks a second has.
    ///
    /// # Errors
    /// What the driver answers.
    pub fn get_frequency() -> Result<Hz, ErrorCode> {
        S::command(DRIVER, command::FREQUENCY, 0, 0)
            .to_result()
            .map(Hz)
    }

    /// The time in ticks, which wraps around.
    ///
    /// # Errors
    /// What the driver answers.
    pub fn get_ticks() -> Result<u32, ErrorCode> {
        S::command(DRIVER, command::TIME, 0, 0).to_result()
    }

    /// The time in milliseconds, which wraps around when the ticks do.
    ///
    /// # Errors
    /// What the driver answers.
    pub fn get_milliseconds() -> Result<u64, ErrorCode> {
        let ticks = Self::get_ticks()?;
        Ok(Ticks(ticks).to_milliseconds(Self::get_frequency()?))
    }

    /// Sleeps for `time`: [`Milliseconds`] or [`Ticks`].
    ///
    /// # Errors
    /// What the driver answers.
    pub fn sleep_for<T: Convert>(time: T) -> Result<(), ErrorCode> {
        let ticks = time.to_ticks(Self::get_frequency()?);
        let fired = Cell::new(false);
        share::scope(|subscribe| {
            S::subscribe::<_, _, C, DRIVER, FIRED>(subscribe, &fired)?;
            S::command(DRIVER, command::SET_RELATIVE, ticks.0, 0).to_result::<u32, ErrorCode>()?;
            while !fired.get() {
                S::yield_wait();
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use libtock_unittest::fake;

    use super::*;

    type Alarm = super::Alarm<fake::Syscalls>;

    #[test]
    fn tells_time_in_the_drivers_ticks() {
        let kernel = fake::Kernel::new();
        kernel.add_driver(&fake::Alarm::new(32_768));
        assert_eq!(Alarm::exists(), Ok(()));
        assert_eq!(Alarm::get_frequency(), Ok(Hz(32_768)));
        Alarm::sleep_for(Milliseconds(500)).unwrap();
        assert_eq!(Alarm::get_ticks(), Ok(16_384));
        assert_eq!(Alarm::get_milliseconds(), Ok(500));
        Alarm::sleep_for(Ticks(3)).unwrap();
        assert_eq!(Alarm::get_ticks(), Ok(16_387));
    }

    #[test]
    fn fails_without_the_driver() {
        let _kernel = fake::Kernel::new();
        assert_eq!(Alarm::exists(), Err(ErrorCode::NoDevice));
        assert_eq!(Alarm::sleep_for(Ticks(1)), Err(ErrorCode::NoDevice));
    }
}
