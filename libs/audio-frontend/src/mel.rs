//! Forty channels between 125 Hz and 7.5 kHz, evenly apart on the mel scale, which is
//! how far apart people hear tones to be.
//!
//! Each channel weighs the bins of the spectrum by a triangle: 1 at its own frequency,
//! 0 at its neighbours'. The frequencies divide the spectrum into 41 bands. A bin in a
//! band belongs to the channel below it with one weight and to the channel above it
//! with the rest; the first band has no channel below and the last one none above.

use crate::constant_math::ln;
use crate::front_end::{CHANNELS, SAMPLE_RATE};

/// Edges of the first and the last triangle, in hertz.
const LOWEST: f64 = 125.0;
const HIGHEST: f64 = 7500.0;
/// Width of a bin of the spectrum, in hertz.
const BIN: f64 = SAMPLE_RATE as f64 / 512.0;
/// The first bin above the lower edge, at which the first triangle is 0, and the bin at
/// the upper edge, where the last one is.
const FIRST_BIN: usize = (LOWEST / BIN) as usize + 1;
const LAST_BIN: usize = (HIGHEST / BIN) as usize;
const BINS: usize = LAST_BIN - FIRST_BIN;

const BANDS: usize = CHANNELS + 1;
/// A weight of 1, almost: a weight and the rest are both rounded down.
const ONE: u16 = (1 << 12) - 1;

/// For each bin, how much of it belongs to the channel below.
static WEIGHTS: [u16; BINS] = BANK.weights;
/// For each band, how many bins it has.
static WIDTHS: [u8; BANDS] = BANK.widths;

const BANK: Bank = Bank::new();

struct Bank {
    weights: [u16; BINS],
    widths: [u8; BANDS],
}

impl Bank {
    const fn new() -> Self {
        let mut bank = Self {
            weights: [0; BINS],
            widths: [0; BANDS],
        };
        let spacing = (mel(HIGHEST) - mel(LOWEST)) / BANDS as f64;
        let mut at = 0;
        while at < BINS {
            let bands = (mel((FIRST_BIN + at) as f64 * BIN) - mel(LOWEST)) / spacing;
            let band = bands as usize;
            let to_next = (band + 1) as f64 - bands;
            assert!(to_next < 1.0, "no bin is right at a channel's frequency");
            bank.weights[at] = (to_next * (ONE + 1) as f64) as u16;
            bank.widths[band] += 1;
            at += 1;
        }
        bank
    }
}

/// A frequency in hertz on the mel scale (O'Shaughnessy 1987).
const fn mel(frequency: f64) -> f64 {
    1127.0 * ln(1.0 + frequency / 700.0)
}

/// The energies of the channels, with 12 fractional bits, from those of the bins from 1
/// on.
pub fn channels(energies: impl Iterator<Item = u32>) -> impl Iterator<Item = u64> {
    let mut bins = energies.skip(FIRST_BIN - 1).zip(&WEIGHTS);
    // What the bins of the next band add to the channel below and to the one above.
    let mut band = move |width: u8| {
        let bins = bins.by_ref().take(usize::from(width));
        bins.fold((0, 0), |(below, above), (energy, weight)| {
            let energy = u64::from(energy);
            let rest = ONE - *weight;
            (
                below + energy * u64::from(*weight),
                above + energy * u64::from(rest),
            )
        })
    };
    let [first, others @ ..] = &WIDTHS;
    let (_, mut rising) = band(*first);
    others.iter().map(move |width| {
        let (falling, next) = band(*width);
        let energy = rising + falling;
        rising = next;
        energy
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{self, Random};
    use std::vec::Vec;

    #[test]
    fn channels_are_triangles() {
        let mut random = Random(3);
        for _ in 0..20 {
            let energies: Vec<u32> = (1..256)
                .map(|_| u32::from(random.sample(i16::MAX).unsigned_abs()))
                .collect();
            let exact: Vec<f64> = energies.iter().map(|energy| f64::from(*energy)).collect();
            let exact = reference::channels(&exact);
            for (ours, exact) in channels(energies.into_iter()).zip(exact) {
                // Weights of 12 bits, rounded down, of up to 20 bins.
                let tolerance = 20.0 * f64::from(i16::MAX) / 4096.0;
                assert!((ours as f64 / 4096.0 - exact).abs() <= tolerance);
            }
        }
    }

    #[test]
    fn only_the_range_counts() {
        let outside = (1..256).map(|bin| match bin {
            FIRST_BIN..LAST_BIN => 0,
            _ => u32::MAX,
        });
        assert_eq!(channels(outside).collect::<Vec<_>>(), [0; CHANNELS]);
        let mut loudest = channels(std::iter::repeat_n(1 << 31, 255));
        assert!(loudest.all(|energy| energy > 1 << 42));
    }
}
