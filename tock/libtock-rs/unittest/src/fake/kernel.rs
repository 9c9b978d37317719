//! The fake kernel, as a test sees it.

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::Location;
use std::rc::Rc;

use crate::fake::SyscallDriver;
use crate::state::{with_slot, with_state, Driver, State};
use crate::{DriverShareRef, ExpectedSyscall, SyscallLogEntry};

/// The kernel of the current thread, for as long as this value exists.
pub struct Kernel {
    // Only `new` makes one.
    _private: (),
}

impl Kernel {
    /// Starts the current thread's kernel, without drivers.
    ///
    /// # Panics
    /// When the thread has one.
    // A `Default` would hide that there can be only one.
    #[allow(clippy::new_without_default)]
    #[track_caller]
    pub fn new() -> Self {
        let state = State::new(Location::caller());
        let previous = with_slot(|slot| slot.replace(state));
        if let Some(previous) = previous {
            panic!(
                "this thread has a fake::Kernel already, made at {}",
                previous.created_at
            );
        }
        Self { _private: () }
    }

    /// Adds a driver, under the number that it gives.
    ///
    /// # Panics
    /// When the kernel has a driver of this number.
    pub fn add_driver<D: SyscallDriver>(&self, driver: &Rc<D>) {
        let info = driver.info();
        let entry = Driver {
            driver: driver.clone(),
            upcall_count: info.upcall_count,
            upcalls: HashMap::new(),
        };
        let previous = with_state(|state| state.drivers.insert(info.driver_num, entry));
        assert!(
            previous.is_none(),
            "two drivers with number {:#x}",
            info.driver_num
        );
        driver.register(DriverShareRef {
            driver_num: Cell::new(Some(info.driver_num)),
        });
    }

    /// Appends to the system calls that must come next, in this order. Without
    /// any, all may come.
    pub fn add_expected_syscall(&self, expected_syscall: ExpectedSyscall) {
        with_state(|state| state.expected.push_back(expected_syscall));
    }

    /// The system calls made since the last time.
    pub fn take_syscall_log(&self) -> Vec<SyscallLogEntry> {
        with_state(|state| std::mem::take(&mut state.log))
    }

    /// Whether the current thread's kernel has this driver.
    pub fn is_driver_present(driver_num: u32) -> bool {
        with_slot(|slot| {
            slot.as_ref()
                .is_some_and(|state| state.drivers.contains_key(&driver_num))
        })
    }

    /// Whether an upcall would run if the code under test yielded.
    pub fn is_upcall_pending() -> bool {
        with_slot(|slot| slot.as_ref().is_some_and(|state| !state.upcalls.is_empty()))
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        // Out of the slot first: dropping a driver may run code that looks.
        let state = with_slot(Option::take);
        drop(state);
    }
}
