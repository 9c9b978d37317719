//! Counts of time, and their arithmetic.

use core::fmt::Debug;

/// A count that starts again from 0 after its maximum.
pub trait Ticks: Clone + Copy + From<u32> + Debug + Ord + PartialOrd + Eq {
    /// Width of the counter in bits.
    fn width() -> u32;

    /// The low bits, as many as a `usize` has.
    fn into_usize(self) -> usize;

    /// The low 32 bits.
    fn into_u32(self) -> u32;

    /// How many bits a `u32` has above the counter.
    fn u32_padding() -> u32 {
        u32::BITS.saturating_sub(Self::width())
    }

    /// The count shifted up to the top of a `u32`, so that it overflows
    /// together with the counter.
    fn into_u32_left_justified(self) -> u32 {
        self.into_u32() << Self::u32_padding()
    }

    /// The frequency at which [`Self::into_u32_left_justified`] counts.
    fn u32_left_justified_scale_freq<F: super::Frequency>() -> u32 {
        F::frequency() << Self::u32_padding()
    }

    /// Adds, around the end.
    fn wrapping_add(self, other: Self) -> Self;

    /// Subtracts, around the end.
    fn wrapping_sub(self, other: Self) -> Self;

    /// Whether this is one of the ticks from `start` to just before `end`.
    fn within_range(self, start: Self, end: Self) -> bool;

    /// The greatest count.
    fn max_value() -> Self;

    /// Half of the range, rounded up.
    fn half_max_value() -> Self;

    /// `val`, or the greatest count if that is less.
    fn from_or_max(val: u64) -> Self;

    /// The count times `numerator` / `denominator`, cut to 32 bits' greatest.
    /// `denominator` is not 0.
    fn saturating_scale(self, numerator: u32, denominator: u32) -> u32;
}

macro_rules! ticks {
    ($(#[$doc:meta])* $name:ident($number:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name($number);

        impl From<u32> for $name {
            fn from(count: u32) -> Self {
                Self(<$number>::from(count))
            }
        }

        impl Ticks for $name {
            fn width() -> u32 {
                <$number>::BITS
            }

            fn into_usize(self) -> usize {
                self.0 as usize
            }

            fn into_u32(self) -> u32 {
                self.0 as u32
            }

            fn wrapping_add(self, other: Self) -> Self {
                Self(self.0.wrapping_add(other.0))
            }

            fn wrapping_sub(self, other: Self) -> Self {
                Self(self.0.wrapping_sub(other.0))
            }

            fn within_range(self, start: Self, end: Self) -> bool {
                self.wrapping_sub(start) < end.wrapping_sub(start)
            }

            fn max_value() -> Self {
                Self(<$number>::MAX)
            }

            fn half_max_value() -> Self {
                Self(1 + <$number>::MAX / 2)
            }

            fn from_or_max(val: u64) -> Self {
                Self(<$number>::try_from(val).unwrap_or(<$number>::MAX))
            }

            fn saturating_scale(self, numerator: u32, denominator: u32) -> u32 {
                // A product that saturates exceeds the result's range after
                // division by any 32-bit number, so nothing is lost.
                let product = u64::from(self.0).saturating_mul(u64::from(numerator));
                let scaled = match denominator {
                    0 => return u32::MAX,
                    1 => product,
                    _ => product / u64::from(denominator),
                };
                u32::try_from(scaled).unwrap_or(u32::MAX)
            }
        }
    };
}

ticks! {
    /// A 32-bit count.
    Ticks32(u32)
}

ticks! {
    /// A 64-bit count.
    Ticks64(u64)
}

impl Ticks64 {
    /// The whole count.
    pub fn into_u64(self) -> u64 {
        self.0
    }
}

impl From<u64> for Ticks64 {
    fn from(count: u64) -> Self {
        Self(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{Ticks, Ticks32, Ticks64};

    #[test]
    fn range_goes_around_the_end() {
        let at = Ticks32::from;
        assert!(at(2).within_range(at(u32::MAX), at(3)));
        assert!(!at(3).within_range(at(u32::MAX), at(3)));
        assert!(at(u32::MAX).within_range(at(u32::MAX), at(3)));
        assert!(!at(5).within_range(at(5), at(5)));
        assert_eq!(at(1).wrapping_sub(at(2)), Ticks32::max_value());
    }

    #[test]
    fn wide_and_narrow() {
        assert_eq!(Ticks32::from_or_max(1 << 40), Ticks32::max_value());
        assert_eq!(Ticks64::from_or_max(1 << 40).into_u64(), 1 << 40);
        assert_eq!(Ticks64::from(0x1_0000_0002_u64).into_u32(), 2);
        assert_eq!(Ticks32::half_max_value().into_u32(), 0x8000_0000);
        assert_eq!(Ticks32::from(3).into_u32_left_justified(), 3);
    }
}
