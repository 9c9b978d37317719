//! The noise of a channel: what changes slowly. It is estimated as the channel goes on,
//! and taken away.

/// Fractional bits of an estimate.
pub const ESTIMATE_BITS: u32 = 10;

/// Fractional bits of a share.
const SHARE_BITS: u32 = 14;
/// How much of what a channel holds now goes into its estimate, of even channels (0.025)
/// and of odd ones (0.06): neighbours that learn at different speeds.
const LEARNED: [u32; 2] = [share(0.025), share(0.06)];
/// How much is left of a channel that is all noise.
const REMAINING: u32 = share(0.05);

const fn share(of_one: f64) -> u32 {
    (of_one * (1 << SHARE_BITS) as f64) as u32
}

/// Updates a channel's estimate with its magnitude, and returns the magnitude without
/// the noise.
pub fn reduced(channel: usize, magnitude: u32, estimate: &mut u32) -> u32 {
    let learned = LEARNED[channel % 2];
    let kept = (1 << SHARE_BITS) - learned;
    // A magnitude has up to 21 bits: the largest that a full frame's transform has.
    let fine = magnitude << ESTIMATE_BITS;
    let sum = u64::from(fine) * u64::from(learned) + u64::from(*estimate) * u64::from(kept);
    *estimate = (sum >> SHARE_BITS) as u32;
    let above = fine.saturating_sub(*estimate) >> ESTIMATE_BITS;
    let remaining = (u64::from(magnitude) * u64::from(REMAINING)) >> SHARE_BITS;
    above.max(remaining as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{self, Random};

    #[test]
    fn estimates_follow_the_exact_ones() {
        let mut random = Random(5);
        for channel in 0..2 {
            let (mut ours, mut exact) = (0, 0.0);
            for _ in 0..200 {
                let magnitude = u32::from(random.sample(i16::MAX).unsigned_abs()) * 16;
                let reduced = reduced(channel, magnitude, &mut ours);
                let expected = reference::reduced(channel, f64::from(magnitude), &mut exact);
                // Shares of 14 bits are wrong by up to 2 in a thousand.
                let tolerance = 2.0 + 0.002 * f64::from(magnitude).max(exact);
                assert!((f64::from(reduced) - expected).abs() <= tolerance);
                assert!((f64::from(ours) / 1024.0 - exact).abs() <= tolerance);
            }
        }
    }

    #[test]
    fn what_does_not_change_fades() {
        let mut estimate = 0;
        let left: std::vec::Vec<_> = (0..300).map(|_| reduced(0, 1000, &mut estimate)).collect();
        assert_eq!(left[0], 975);
        assert!(left.is_sorted_by(|before, after| before >= after));
        assert_eq!(left[299], 49, "a twentieth stays");
    }

    #[test]
    fn odd_channels_learn_faster() {
        let (mut even, mut odd) = (0, 0);
        reduced(8, 1000, &mut even);
        reduced(9, 1000, &mut odd);
        assert!(odd > 2 * even);
    }
}
