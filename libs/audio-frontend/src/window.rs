//! The window that a frame is seen through: it fades in and out, so that where a frame
//! is cut does not sound like a click.

use crate::constant_math::{cos_of_turn, round};
use crate::front_end::FRAME_SAMPLES;

/// Fractional bits of a weight.
const WEIGHT_BITS: u32 = 12;
const HALF: usize = FRAME_SAMPLES / 2;

/// The first half of a Hann window, sampled between its points; the second is its mirror.
static WEIGHTS: [i16; HALF] = weights();

const fn weights() -> [i16; HALF] {
    let mut weights = [0; HALF];
    let mut at = 0;
    while at < HALF {
        let share = (at as f64 + 0.5) / FRAME_SAMPLES as f64;
        let weight = 0.5 - 0.5 * cos_of_turn(share);
        weights[at] = round(weight * (1 << WEIGHT_BITS) as f64) as i16;
        at += 1;
    }
    weights
}

/// Weighs the samples of a frame. What comes after a frame is left out.
pub fn weighed(samples: impl Iterator<Item = i16>) -> impl Iterator<Item = i16> {
    let weights = WEIGHTS.iter().chain(WEIGHTS.iter().rev());
    // No weight is above 1, so that 16 bits hold every product.
    samples
        .zip(weights)
        .map(|(sample, weight)| ((i32::from(sample) * i32::from(*weight)) >> WEIGHT_BITS) as i16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use std::vec::Vec;

    #[test]
    fn it_is_a_hann_window() {
        for level in [i16::MIN, -12_345, 1, 12_345, i16::MAX] {
            let samples = [level; FRAME_SAMPLES];
            let ours: Vec<i16> = weighed(samples.into_iter()).collect();
            let exact = reference::window(&samples.map(f64::from));
            assert_eq!(ours.len(), FRAME_SAMPLES);
            for (ours, exact) in ours.iter().zip(exact) {
                // Half a unit of the weight's last bit, and rounding down.
                let tolerance = f64::from(level).abs() / 8192.0 + 1.0;
                assert!((f64::from(*ours) - exact).abs() <= tolerance);
            }
        }
    }

    #[test]
    fn a_frame_is_all_it_takes() {
        assert_eq!(weighed([1000; 600].into_iter()).count(), FRAME_SAMPLES);
        assert_eq!(weighed([1000; 3].into_iter()).count(), 3);
    }
}
