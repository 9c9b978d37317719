//! Units of time, and what they are in a timer's ticks.

/// Ticks in a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hz(pub u32);

/// A span of time, in the timer's ticks.
#[derive(Clone, Copy, Debug)]
pub struct Ticks(pub u32);

/// A span of time, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Milliseconds(pub u32);

/// A unit of time that can be waited for.
pub trait Convert {
    /// The span in ticks: never shorter than asked, unless it is longer than
    /// the timer can count, when it is the longest span.
    fn to_ticks(self, frequency: Hz) -> Ticks;
}

impl Convert for Ticks {
    fn to_ticks(self, _frequency: Hz) -> Ticks {
        self
    }
}

impl Convert for Milliseconds {
    fn to_ticks(self, frequency: Hz) -> Ticks {
        let ticks = (u64::from(self.0) * u64::from(frequency.0)).div_ceil(1000);
        Ticks(ticks.try_into().unwrap_or(u32::MAX))
    }
}

impl Ticks {
    /// The span in milliseconds, rounded down.
    pub(crate) fn to_milliseconds(self, frequency: Hz) -> u64 {
        (u64::from(self.0) * 1000)
            .checked_div(u64::from(frequency.0))
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_rounded_up() {
        assert_eq!(Milliseconds(1).to_ticks(Hz(32_768)).0, 33);
        assert_eq!(Milliseconds(0).to_ticks(Hz(32_768)).0, 0);
    }

    #[test]
    fn long_spans_stop_at_the_longest() {
        assert_eq!(Milliseconds(u32::MAX).to_ticks(Hz(1_000_000)).0, u32::MAX);
    }

    #[test]
    fn milliseconds_are_rounded_down() {
        assert_eq!(Ticks(32_767).to_milliseconds(Hz(32_768)), 999);
        assert_eq!(Ticks(1).to_milliseconds(Hz(0)), 0);
    }
}
