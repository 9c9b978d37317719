//! Numbers that look random, and are the same in every run.

/// A generator (SplitMix64).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Less than `bound`, or 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 32) as usize % bound.max(1)
    }

    /// True once in `times`.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// A length with `least` to `most` bits: every order of magnitude is as
    /// likely, and whole powers of two are common.
    pub(super) fn length(&mut self, least: u32, most: u32) -> usize {
        let bits = least + self.below((most - least) as usize) as u32;
        let power = 1usize << bits;
        match self.below(3) {
            0 => power,
            1 => power + self.below(power),
            _ => (power + self.below(power)).next_multiple_of(power / 8),
        }
    }
}
