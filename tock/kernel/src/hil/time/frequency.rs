//! Frequencies, and ticks as seconds.

use super::{Ticks, Time};

/// A frequency, as a type.
pub trait Frequency {
    /// Hertz.
    fn frequency() -> u32;
}

macro_rules! frequencies {
    ($($(#[$doc:meta])* $name:ident = $hertz:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl Frequency for $name {
            fn frequency() -> u32 {
                $hertz
            }
        }
    )+};
}

frequencies! {
    /// 1 MHz.
    Freq1MHz = 1_000_000;
    /// 32,768 Hz, the watch crystal.
    Freq32KHz = 32_768;
}

/// Conversions between ticks and time. Results that do not fit are cut to
/// the greatest that does; fractions are dropped.
pub trait ConvertTicks<T: Ticks> {
    /// Ticks in `s` seconds.
    fn ticks_from_seconds(&self, s: u32) -> T;
    /// Ticks in `ms` milliseconds.
    fn ticks_from_ms(&self, ms: u32) -> T;
    /// Ticks in `us` microseconds.
    fn ticks_from_us(&self, us: u32) -> T;
    /// Seconds in `tick` ticks.
    fn ticks_to_seconds(&self, tick: T) -> u32;
    /// Milliseconds in `tick` ticks.
    fn ticks_to_ms(&self, tick: T) -> u32;
    /// Microseconds in `tick` ticks.
    fn ticks_to_us(&self, tick: T) -> u32;
}

impl<T: Time + ?Sized> ConvertTicks<T::Ticks> for T {
    fn ticks_from_seconds(&self, s: u32) -> T::Ticks {
        from_time::<T>(s, 1)
    }

    fn ticks_from_ms(&self, ms: u32) -> T::Ticks {
        from_time::<T>(ms, 1_000)
    }

    fn ticks_from_us(&self, us: u32) -> T::Ticks {
        from_time::<T>(us, 1_000_000)
    }

    fn ticks_to_seconds(&self, tick: T::Ticks) -> u32 {
        to_time::<T>(tick, 1)
    }

    fn ticks_to_ms(&self, tick: T::Ticks) -> u32 {
        to_time::<T>(tick, 1_000)
    }

    fn ticks_to_us(&self, tick: T::Ticks) -> u32 {
        to_time::<T>(tick, 1_000_000)
    }
}

fn from_time<T: Time + ?Sized>(amount: u32, per_second: u64) -> T::Ticks {
    // Two 32-bit factors: the product fits.
    let scaled = u64::from(T::Frequency::frequency()) * u64::from(amount);
    T::Ticks::from_or_max(scaled / per_second)
}

fn to_time<T: Time + ?Sized>(ticks: T::Ticks, per_second: u32) -> u32 {
    let frequency = T::Frequency::frequency();
    // A division of 64 bits is slow where the processor has none.
    match per_second.checked_rem(frequency) {
        Some(0) => ticks.saturating_scale(per_second / frequency, 1),
        _ => ticks.saturating_scale(per_second, frequency),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::time::{Ticks32, Ticks64};

    struct Clock;

    impl Time for Clock {
        type Frequency = Freq32KHz;
        type Ticks = Ticks32;

        fn now(&self) -> Ticks32 {
            Ticks32::from(0)
        }
    }

    #[test]
    fn converts_and_saturates() {
        assert_eq!(Clock.ticks_from_ms(1_000), Ticks32::from(32_768));
        assert_eq!(Clock.ticks_from_us(31), Ticks32::from(1));
        assert_eq!(Clock.ticks_from_seconds(u32::MAX), Ticks32::max_value());
        assert_eq!(Clock.ticks_to_ms(Ticks32::from(16_384)), 500);
        assert_eq!(Clock.ticks_to_us(Ticks32::max_value()), u32::MAX);
        assert_eq!(Ticks64::from(u64::MAX).saturating_scale(1_000, 1), u32::MAX);
    }
}
