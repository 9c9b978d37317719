//! A fake driver's way to schedule upcalls.

use std::cell::Cell;
use std::error::Error;
use std::fmt;

use crate::state::{with_slot, ScheduledUpcall};

/// What a fake driver receives when it is added to a kernel, and schedules its
/// upcalls with. The default is connected to no kernel and does nothing, so
/// that a driver can hold one from the start.
#[derive(Default)]
pub struct DriverShareRef {
    pub(crate) driver_num: Cell<Option<u32>>,
}

/// The driver has no upcall of the number that it wanted to schedule.
#[derive(Debug, Eq, PartialEq)]
pub struct InvalidSubscribeNum {
    requested: u32,
    upcall_count: u32,
}

impl fmt::Display for InvalidSubscribeNum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "upcall {} of a driver that has {}",
            self.requested, self.upcall_count
        )
    }
}

impl Error for InvalidSubscribeNum {}

impl DriverShareRef {
    /// Becomes `new`, which a driver does with what it receives.
    pub fn replace(&self, new: Self) {
        self.driver_num.set(new.driver_num.get());
    }

    /// Schedules an upcall, which runs when the code under test yields. Like in
    /// the real kernel, nothing happens if none is registered.
    ///
    /// # Errors
    /// When the driver did not announce an upcall of that number.
    pub fn schedule_upcall(
        &self,
        subscribe_num: u32,
        args: (u32, u32, u32),
    ) -> Result<(), InvalidSubscribeNum> {
        let Some(driver_num) = self.driver_num.get() else {
            return Ok(());
        };
        with_slot(|slot| {
            let Some(state) = slot else { return Ok(()) };
            let Some(driver) = state.drivers.get(&driver_num) else {
                return Ok(());
            };
            if subscribe_num >= driver.upcall_count {
                return Err(InvalidSubscribeNum {
                    requested: subscribe_num,
                    upcall_count: driver.upcall_count,
                });
            }
            if let Some(&upcall) = driver.upcalls.get(&subscribe_num) {
                if upcall.function.is_some() {
                    state.upcalls.push_back(ScheduledUpcall {
                        driver_num,
                        subscribe_num,
                        upcall,
                        arguments: args,
                    });
                }
            }
            Ok(())
        })
    }
}
