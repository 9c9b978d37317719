//! [`GrantTable`]: which grants a process has, and which are in use.

use core::cell::Cell;
use core::ptr::{self, NonNull};

use crate::process::state::Error;

/// A possible grant of a process.
pub(super) struct GrantEntry {
    driver_num: Cell<usize>,
    /// Its memory; null until there is some.
    start: Cell<*mut u8>,
    /// Whether somebody uses it now.
    entered: Cell<bool>,
}

impl GrantEntry {
    pub(super) const fn empty() -> Self {
        Self {
            driver_num: Cell::new(0),
            start: Cell::new(ptr::null_mut()),
            entered: Cell::new(false),
        }
    }

    fn is_allocated(&self) -> bool {
        !self.start.get().is_null()
    }
}

/// All possible grants of a process, by number.
pub(super) struct GrantTable<'a> {
    entries: &'a [GrantEntry],
}

impl<'a> GrantTable<'a> {
    pub(super) fn new(entries: &'a [GrantEntry]) -> Self {
        Self { entries }
    }

    fn entry(&self, grant_num: usize) -> Result<&GrantEntry, Error> {
        self.entries.get(grant_num).ok_or(Error::AddressOutOfBounds)
    }

    pub(super) fn is_allocated(&self, grant_num: usize) -> bool {
        self.entry(grant_num).is_ok_and(GrantEntry::is_allocated)
    }

    /// Whether a grant with this number could be added for this driver. No
    /// driver has two.
    pub(super) fn is_free(&self, grant_num: usize, driver_num: usize) -> bool {
        !self.is_allocated(grant_num)
            && grant_num < self.entries.len()
            && self.find(driver_num).is_none()
    }

    pub(super) fn add(&self, grant_num: usize, driver_num: usize, start: *mut u8) {
        if let Ok(entry) = self.entry(grant_num) {
            entry.driver_num.set(driver_num);
            entry.start.set(start);
            entry.entered.set(false);
        }
    }

    /// The number of a driver's grant.
    pub(super) fn find(&self, driver_num: usize) -> Option<usize> {
        self.entries
            .iter()
            .position(|entry| entry.is_allocated() && entry.driver_num.get() == driver_num)
    }

    /// Marks a grant as in use.
    pub(super) fn enter(&self, grant_num: usize) -> Result<NonNull<u8>, Error> {
        let entry = self.entry(grant_num)?;
        let start = NonNull::new(entry.start.get()).ok_or(Error::NoSuchApp)?;
        if entry.entered.replace(true) {
            return Err(Error::AlreadyInUse);
        }
        Ok(start)
    }

    /// Marks a grant as no longer in use.
    pub(super) fn leave(&self, grant_num: usize) {
        if let Ok(entry) = self.entry(grant_num) {
            entry.entered.set(false);
        }
    }

    /// Whether any grant is in use.
    pub(super) fn any_entered(&self) -> bool {
        self.entries.iter().any(|entry| entry.entered.get())
    }

    /// Forgets all grants, none of which is in use.
    pub(super) fn clear(&self) {
        for entry in self.entries {
            entry.driver_num.set(0);
            entry.start.set(ptr::null_mut());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_at_a_time() {
        let entries = [const { GrantEntry::empty() }; 2];
        let table = GrantTable::new(&entries);
        assert_eq!(table.enter(0), Err(Error::NoSuchApp));
        assert_eq!(table.enter(2), Err(Error::AddressOutOfBounds));
        let mut memory = 0u8;
        table.add(1, 0xA0001, &mut memory);
        assert!(!table.is_free(0, 0xA0001) && table.is_free(0, 1) && !table.is_free(1, 2));
        assert!(!table.is_free(2, 3));
        assert_eq!((table.find(0xA0001), table.find(0)), (Some(1), None));
        assert!(table.enter(1).is_ok());
        assert_eq!(table.enter(1), Err(Error::AlreadyInUse));
        assert!(table.any_entered());
        table.leave(1);
        assert!(!table.any_entered());
        assert!(table.enter(1).is_ok());
        table.leave(1);
        table.clear();
        assert!(!table.is_allocated(1));
    }
}
