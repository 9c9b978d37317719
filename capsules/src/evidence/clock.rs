//! Time since boot from a counter that wraps around.

use core::cell::Cell;
use kernel::hil::time::{Frequency, Ticks, Time};

/// Longest time between two looks at the counter, in milliseconds. Half a minute
/// is less than a 32-bit counter takes to wrap at any frequency up to 143 MHz.
pub const HEARTBEAT_MS: u32 = 30_000;

/// Time since it was made. It must be looked at every [`HEARTBEAT_MS`].
pub struct Clock<T: Time> {
    last: Cell<T::Ticks>,
    ticks: Cell<u64>,
}

impl<T: Time> Clock<T> {
    /// A clock that begins at 0 now.
    pub fn new(time: &T) -> Clock<T> {
        Clock {
            last: Cell::new(time.now()),
            ticks: Cell::new(0),
        }
    }

    /// Goes on to the present, and returns how many milliseconds passed since the
    /// last time. The rest of a millisecond counts the next time.
    pub fn advance(&self, time: &T) -> u32 {
        let before = self.milliseconds();
        let now = time.now();
        let passed = now.wrapping_sub(self.last.replace(now)).into_u32();
        self.ticks
            .set(self.ticks.get().saturating_add(u64::from(passed)));
        let passed = self.milliseconds().saturating_sub(before);
        u32::try_from(passed).unwrap_or(u32::MAX)
    }

    /// Milliseconds since boot, when it was last advanced.
    pub fn milliseconds(&self) -> u64 {
        let frequency = u64::from(T::Frequency::frequency().max(1));
        self.ticks.get().saturating_mul(1000) / frequency
    }

    /// Whole seconds since boot, when it was last advanced.
    pub fn seconds(&self) -> u32 {
        u32::try_from(self.milliseconds() / 1000).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::hil::time::{Freq32KHz, Ticks32};

    struct Counter(Cell<u32>);

    impl Time for Counter {
        type Frequency = Freq32KHz;
        type Ticks = Ticks32;

        fn now(&self) -> Ticks32 {
            Ticks32::from(self.0.get())
        }
    }

    #[test]
    fn time_goes_on_over_a_wrap() {
        let counter = Counter(Cell::new(u32::MAX - 16_383));
        let clock = Clock::new(&counter);
        counter.0.set(16_384);
        assert_eq!(clock.advance(&counter), 1000);
        assert_eq!((clock.milliseconds(), clock.seconds()), (1000, 1));
    }

    #[test]
    fn rests_add_up() {
        let counter = Counter(Cell::new(0));
        let clock = Clock::new(&counter);
        let mut passed = 0;
        for step in 1..=32_768u32 {
            counter.0.set(step);
            passed += clock.advance(&counter);
        }
        assert_eq!((passed, clock.milliseconds()), (1000, 1000));
    }
}
