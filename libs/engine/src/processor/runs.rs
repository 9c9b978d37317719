//! Which products of packed inputs may be summed before their halves are told apart.
//!
//! The halves of such a sum have 16 bits with a sign. Inputs are at most 128 each, so that
//! the magnitudes of four weights may come to 255. Those of two weights do, unless both
//! are −128. With inputs of −128, that is 2¹⁵ below, for which rounding leaves room, and
//! −2¹⁵ above.

/// Most that the magnitudes of four weights of a channel may come to.
const MOST: u32 = 255;
/// Room for runs. Where there are more, the last groups' are taken to be empty, which
/// costs time only.
pub const ROOM: usize = 1 << 8;

/// For groups of weights: lengths of runs of quads whose products may be summed. After
/// each run, unless that was the last quad, follows a quad of which only the products
/// of two weights may be.
pub struct Runs {
    lengths: [u8; ROOM],
    used: usize,
}

/// Where the runs of a group of weights begin; at the end if all are empty.
pub type Start = u16;

impl Runs {
    /// No group's.
    pub fn new() -> Self {
        Self {
            lengths: [0; ROOM],
            used: 0,
        }
    }

    /// Forgets all groups.
    pub fn clear(&mut self) {
        self.used = 0;
    }

    /// Adds those of a group, whose weights are `words`; where they do not lie at words,
    /// there are none, and all runs are empty.
    pub fn add(&mut self, words: &[i32]) -> Start {
        if words.is_empty() {
            return ROOM as Start;
        }
        let mut place = self.used;
        let mut run = 0;
        for quad in words.as_chunks().0 {
            if run < u8::MAX && is_light(quad) {
                run += 1;
                continue;
            }
            if let Some(length) = self.lengths.get_mut(place) {
                *length = run;
            }
            (place, run) = (place + 1, 0);
        }
        let Some(length) = self.lengths.get_mut(place) else {
            return ROOM as Start;
        };
        *length = run;
        let start = core::mem::replace(&mut self.used, place + 1);
        start as Start
    }

    /// The lengths, one group's after the other's.
    #[cfg(any(target_arch = "riscv32", test))]
    pub fn lengths(&self) -> &[u8; ROOM] {
        &self.lengths
    }
}

/// Whether no channel's weights come to more than [`MOST`].
#[inline(always)]
pub fn is_light(quad: &[i32; 4]) -> bool {
    // A disjunction is more than a number of ones if any of its members is.
    let any = quad
        .iter()
        .fold(0, |any, four| any | magnitudes(*four as u32));
    any <= MOST
}

/// What the magnitudes of four int8 come to.
#[inline(always)]
fn magnitudes(four: u32) -> u32 {
    const EVEN: u32 = 0x00ff_00ff;
    let negative = four >> 7 & 0x0101_0101;
    let magnitudes = (four ^ negative.wrapping_mul(255)).wrapping_add(negative);
    let pairs = (magnitudes & EVEN) + (magnitudes >> 8 & EVEN);
    pairs.wrapping_mul(0x1_0001) >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magnitudes_are_summed() {
        for bytes in [[0i8; 4], [-128; 4], [127, -127, 1, -1], [5, -128, 100, 22]] {
            let expected: u32 = bytes
                .iter()
                .map(|byte| u32::from(byte.unsigned_abs()))
                .sum();
            let four = u32::from_le_bytes(bytes.map(|byte| byte as u8));
            assert_eq!(magnitudes(four), expected);
        }
        let quad = |sum: i32| [0, 0x0101_0101, sum, 0];
        assert!(is_light(&quad(0x007f_7f01)), "255");
        assert!(!is_light(&quad(0x017f_7f01)), "256");
    }

    #[test]
    fn heavy_quads_follow_runs() {
        const LIGHT: [i32; 4] = [0x0101_0101; 4];
        const HEAVY: [i32; 4] = [0, 0, 0, 0x7f7f_7f00];
        let mut runs = Runs::new();
        assert_eq!(runs.add(&[]), 256);
        assert_eq!(runs.add(&[LIGHT, HEAVY, HEAVY, LIGHT, LIGHT].concat()), 0);
        assert_eq!(runs.lengths()[..4], [1, 0, 2, 0]);
        assert_eq!(runs.add(&[HEAVY].concat()), 3);
        assert_eq!(runs.add(&[LIGHT; 300].concat()), 5);
        assert_eq!(runs.lengths()[3..7], [0, 0, 255, 44]);
        assert_eq!(runs.add(&[HEAVY; 249].concat()), 256, "one too many");
        assert_eq!(runs.add(&[HEAVY; 248].concat()), 7);
    }
}
