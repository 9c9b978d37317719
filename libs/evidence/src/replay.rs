//! Refuses a token that was seen before, or that is older than one seen before.

use crate::claims::Counter;
use core::fmt;

/// What a relying party remembers of one device: the newest counter it accepted.
///
/// The nonce already ties a token to a question; this also catches a device whose
/// counter went back, which a restored flash image would cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplayGuard {
    last: Option<Counter>,
}

/// The counter did not grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayError {
    /// The newest counter seen before.
    pub last: Counter,
    /// The counter of the refused token.
    pub found: Counter,
}

impl ReplayGuard {
    /// Starts from what was remembered of the device; `None` for a new one.
    pub const fn new(last: Option<Counter>) -> Self {
        ReplayGuard { last }
    }

    /// What to remember.
    pub const fn last(&self) -> Option<Counter> {
        self.last
    }

    /// Accepts the counter of a verified token if it is newer than all before.
    ///
    /// The sequence number must grow within and across boots, and the boot number
    /// must not shrink.
    ///
    /// # Errors
    /// [`ReplayError`] with both counters; the guard is then unchanged.
    pub fn accept(&mut self, found: Counter) -> Result<(), ReplayError> {
        match self.last {
            Some(last) if found.boot < last.boot || found.sequence <= last.sequence => {
                Err(ReplayError { last, found })
            }
            _ => {
                self.last = Some(found);
                Ok(())
            }
        }
    }
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the token was replayed, or the device's state was rolled back: counter {}.{} is not newer than {}.{}",
            self.found.boot, self.found.sequence, self.last.boot, self.last.sequence
        )
    }
}

impl core::error::Error for ReplayError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(boot: u32, sequence: u64) -> Counter {
        Counter { boot, sequence }
    }

    #[test]
    fn counters_only_grow() {
        let mut guard = ReplayGuard::new(None);
        assert_eq!(guard.accept(counter(3, 10)), Ok(()));
        for stale in [
            counter(3, 10),
            counter(3, 9),
            counter(2, 11),
            counter(4, 10),
        ] {
            assert_eq!(
                guard.accept(stale),
                Err(ReplayError {
                    last: counter(3, 10),
                    found: stale
                })
            );
        }
        assert_eq!(guard.accept(counter(3, 11)), Ok(()));
        assert_eq!(guard.accept(counter(5, 40)), Ok(()));
        assert_eq!(guard.last(), Some(counter(5, 40)));
    }

    #[test]
    fn a_refused_counter_is_not_remembered() {
        let mut guard = ReplayGuard::new(Some(counter(3, 10)));
        assert!(guard.accept(counter(2, 99)).is_err());
        assert_eq!(guard.last(), Some(counter(3, 10)));
    }
}
