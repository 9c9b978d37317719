//! Automatic gain: a channel counts by how far it is above its own noise, not by how
//! loud it is (per-channel amplitude normalisation, PCAN; Wang et al., "Trainable
//! Frontend For Robust and Far-Field Keyword Spotting", 2017).

use crate::constant_math::{power, round};
use crate::noise::ESTIMATE_BITS;

/// Fractional bits of a gain, of a ratio of signal to noise, and of a result.
const GAIN_BITS: u32 = 21;
const RATIO_BITS: u32 = 12;
const OUTPUT_BITS: u32 = 6;
/// The unit of a magnitude is an eighth: the transform divides by 512 where the weights
/// of the channels have added the root of 4096.
pub const MAGNITUDE_SHIFT: u32 = 3;

/// Gain is (noise + offset) to the power of minus strength.
const STRENGTH: f64 = 0.95;
const OFFSET: f64 = 80.0;

/// The gain for an estimate of noise.
const fn exact(estimate: u64) -> i32 {
    let noise = estimate as f64 / (1 << (ESTIMATE_BITS - MAGNITUDE_SHIFT)) as f64;
    round((1u32 << GAIN_BITS) as f64 * power(noise + OFFSET, -STRENGTH))
}

/// The gain between two powers of two of noise: a parabola through its values at both
/// ends and half way.
#[derive(Clone, Copy)]
struct Octave {
    start: i16,
    slope: i16,
    bend: i16,
}

/// Octaves of 32-bit numbers from 1 on: 1 to 2, 2 to 4, …
static OCTAVES: [Octave; 32] = octaves();
/// The gain without noise.
const NOISELESS: i32 = exact(0);

const fn octaves() -> [Octave; 32] {
    let mut octaves = [Octave {
        start: 0,
        slope: 0,
        bend: 0,
    }; 32];
    let mut at = 0;
    while at < octaves.len() {
        let from: u64 = 1 << at;
        let start = exact(from);
        let to_middle = exact(from + from / 2) - start;
        // The last octave's end does not fit in 32 bits.
        let end = if at == 31 { 2 * from - 1 } else { 2 * from };
        let to_end = exact(end) - start;
        let slope = 4 * to_middle - to_end;
        octaves[at] = Octave {
            start: start as i16,
            slope: slope as i16,
            bend: (to_end - slope) as i16,
        };
        at += 1;
    }
    octaves
}

/// The gain for an estimate of noise with [`ESTIMATE_BITS`] fractional bits.
fn gain(estimate: u32) -> i32 {
    /// Bits of a place within an octave.
    const PLACE_BITS: u32 = 10;

    let Some(octave) = estimate.checked_ilog2() else {
        return NOISELESS;
    };
    let Octave { start, slope, bend } = OCTAVES[octave as usize % OCTAVES.len()];
    let first = estimate & !(1 << octave);
    let place = if octave < PLACE_BITS {
        first << (PLACE_BITS - octave)
    } else {
        first >> (octave - PLACE_BITS)
    } as i32;
    // Slope and place with 5 bits more than place alone: enough to round once.
    let slope = (i32::from(slope) << 5) + ((i32::from(bend) * place) >> 5);
    i32::from(start) + ((slope * place + (1 << 14)) >> 15)
}

/// What a magnitude without its noise counts.
pub fn normalized(magnitude: u32, estimate: u32) -> u32 {
    let product = u64::from(magnitude) * u64::from(gain(estimate).unsigned_abs());
    let ratio = (product >> (GAIN_BITS - MAGNITUDE_SHIFT - RATIO_BITS)) as u32;
    shrunk(ratio)
}

/// A square root's opposite near 0, so that what is hardly above the noise counts for
/// little: x² / 4 up to 2, and x - 1 from there on.
fn shrunk(ratio: u32) -> u32 {
    if ratio < 2 << RATIO_BITS {
        (ratio * ratio) >> (2 + 2 * RATIO_BITS - OUTPUT_BITS)
    } else {
        (ratio >> (RATIO_BITS - OUTPUT_BITS)) - (1 << OUTPUT_BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    /// Noise from nothing to the largest estimate, in steps of about a hundredth.
    fn estimates() -> impl Iterator<Item = u32> {
        core::iter::successors(Some(0u32), |now| now.checked_add(now / 100 + 1))
    }

    #[test]
    fn gains_are_the_power_law() {
        for estimate in estimates() {
            let exact = reference::gain(f64::from(estimate) / 128.0) * f64::from(1 << GAIN_BITS);
            let ours = f64::from(gain(estimate));
            let tolerance = 2.0 + exact * 0.015;
            assert!((ours - exact).abs() <= tolerance, "{ours} is not {exact}");
        }
    }

    #[test]
    fn results_follow_the_exact_ones() {
        for estimate in estimates().step_by(7) {
            for magnitude in [0, 1, 9, 100, 1_000, 10_000, 100_000] {
                let noise = f64::from(estimate) / 1024.0;
                let exact = reference::normalized(f64::from(magnitude), noise);
                let ours = f64::from(normalized(magnitude, estimate)) / 64.0;
                // A gain is an integer, so that small ones are rough.
                let gain = reference::gain(noise * 8.0) * f64::from(1 << GAIN_BITS);
                let tolerance = 0.05 + exact.max(1.0) * (0.02 + 2.0 / gain);
                assert!((ours - exact).abs() <= tolerance, "{ours} is not {exact}");
            }
        }
    }

    #[test]
    fn shrinking_is_continuous() {
        assert_eq!(shrunk((2 << RATIO_BITS) - 1), (1 << OUTPUT_BITS) - 1);
        assert_eq!(shrunk(2 << RATIO_BITS), 1 << OUTPUT_BITS);
        assert_eq!(shrunk(0), 0);
        assert!(shrunk(u32::MAX) > 1 << 25);
    }
}
