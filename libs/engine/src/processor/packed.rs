//! Inputs of two positions in one word, for processors that multiply words: one
//! multiplication by a weight makes two products.
//!
//! A word is the first position's input less 2¹⁶ times the second's. Products of words
//! and weights are made of both positions' in the same way, as long as each, with its
//! sign, keeps to 16 bits. Less, and not plus: two products of −128 and −128 come to 2¹⁵,
//! which the upper half has no room for.

use super::{value, word, words, Limits, Runs, Square, Word};

/// Output positions that a convolution computes together.
pub const POSITIONS: usize = 4;

/// The inputs under the windows of two pairs of output positions. The windows of the
/// second pair may begin inside those of the first.
pub struct Block<'a> {
    words: &'a mut [Word],
    /// Where the windows of the second pair begin.
    second: usize,
}

impl<'a> Block<'a> {
    /// A block in `scratch`, where the windows of the second pair begin `second` words
    /// after those of the first.
    pub fn new(scratch: &'a mut [u8], second: usize) -> Self {
        let words = words(scratch);
        Self { words, second }
    }

    /// Puts inputs of the first and the second position into words from `start` on, as
    /// many as there are of both.
    #[inline(never)]
    pub fn place(&mut self, start: usize, first: &[u8], second: &[u8]) {
        let target = self.words.get_mut(start..).unwrap_or_default();
        let (firsts, first) = first.as_chunks::<4>();
        let (seconds, second) = second.as_chunks::<4>();
        let (fours, rest) = target
            .split_at_mut_checked(4 * firsts.len())
            .unwrap_or_default();
        let fours = fours.as_chunks_mut::<4>().0.iter_mut();
        for ((target, first), second) in fours.zip(firsts).zip(seconds) {
            for lane in 0..4 {
                target[lane] = pair(first[lane], second[lane]);
            }
        }
        for ((target, first), second) in rest.iter_mut().zip(first).zip(second) {
            *target = pair(*first, *second);
        }
    }

    /// Makes `count` words from `start` on `input` for both positions.
    pub fn fill(&mut self, start: usize, count: usize, input: u8) {
        let target = self.words.get_mut(start..start + count);
        target.unwrap_or_default().fill(pair(input, input));
    }

    /// Replaces `old`, with which words from `start` on were filled, by `inputs` of one
    /// position: the second, or the first.
    pub fn replace(&mut self, start: usize, is_second: bool, old: u8, inputs: &[u8]) {
        let target = self.words.get_mut(start..).unwrap_or_default();
        let unit = if is_second { -1 << 16 } else { 1 };
        for (target, input) in target.iter_mut().zip(inputs) {
            let more = wide(*input) - wide(old);
            *target = word(value(*target).wrapping_add(more * unit));
        }
    }

    /// Moves `count` words that begin at `start` to the front.
    #[inline(never)]
    pub fn keep(&mut self, start: usize, count: usize) {
        // One after the other, parts that do not lie over where they go.
        for first in (0..count).step_by(start.max(1)) {
            let target = self.words.get_mut(first..).unwrap_or_default();
            let (front, back) = target.split_at_mut_checked(start).unwrap_or_default();
            let moved = front.len().min(count - first);
            copy_words(front.get_mut(..moved).unwrap_or_default(), back);
        }
    }

    /// The positions, for weights that have these runs, with their outputs as far from one
    /// to the next as `pitches` say, in turn.
    #[inline(always)]
    pub fn square<'b>(
        &'b self,
        runs: &'b Runs,
        limits: &Limits,
        pitches: [usize; 2],
    ) -> Square<'b> {
        let second = self.words.get(self.second..).unwrap_or_default();
        Square::new([self.words, second], runs, limits, pitches)
    }
}

/// Copies as many words as there are in both.
#[inline(always)]
fn copy_words(target: &mut [Word], source: &[Word]) {
    let (targets, rest) = target.as_chunks_mut::<4>();
    let (fours, last) = source.as_chunks::<4>();
    let last = fours.get(targets.len()).map_or(last, |last| last);
    for (target, source) in targets.iter_mut().zip(fours) {
        *target = *source;
    }
    for (target, source) in rest.iter_mut().zip(last) {
        *target = *source;
    }
}

/// The int8 that a byte holds.
#[inline(always)]
fn wide(byte: u8) -> i32 {
    i32::from(byte as i8)
}

#[inline(always)]
fn pair(first: u8, second: u8) -> Word {
    word(wide(first) - (wide(second) << 16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processor::runs::is_light;

    /// A sum of products at each position, as RV32 tells them apart: the upper half,
    /// rounded, and what that leaves.
    fn apart<const N: usize>(weights: [i8; N], inputs: [[i8; N]; 2]) -> [i32; 2] {
        let [first, second] = inputs.map(|inputs| inputs.map(|input| input as u8));
        let mut product = 0i32;
        for at in 0..N {
            let word = value(pair(first[at], second[at]));
            product = product.wrapping_add(word.wrapping_mul(weights[at].into()));
        }
        let upper = -(product.wrapping_add(0x7fff) >> 16);
        [product.wrapping_add(upper << 16), upper]
    }

    /// Checks the greatest and the least sums that there are, at both positions.
    fn check<const N: usize>(weights: [i8; N]) {
        let most = weights.map(|weight| if weight < 0 { -128 } else { 127 });
        let least = weights.map(|weight| if weight < 0 { 127 } else { -128 });
        let sum = |inputs: [i8; N]| -> i32 {
            let products = weights.iter().zip(inputs);
            products
                .map(|(weight, input)| i32::from(*weight) * i32::from(input))
                .sum()
        };
        for inputs in [[most, most], [most, least], [least, most], [least, least]] {
            assert_eq!(
                apart(weights, inputs),
                inputs.map(sum),
                "{weights:?} {inputs:?}"
            );
        }
    }

    #[test]
    fn products_of_any_two_weights_may_be_summed() {
        for first in i8::MIN..=i8::MAX {
            for second in i8::MIN..=i8::MAX {
                check([first, second]);
            }
        }
    }

    #[test]
    fn products_of_four_light_weights_may_be_summed() {
        const SOME: [i8; 8] = [-128, -127, -64, -1, 0, 1, 63, 127];
        for [first, second, third] in (0..512).map(|at| [at & 7, at >> 3 & 7, at >> 6]) {
            for fourth in i8::MIN..=i8::MAX {
                let weights = [SOME[first], SOME[second], SOME[third], fourth];
                let four = i32::from_le_bytes(weights.map(|weight| weight as u8));
                if is_light(&[0, four, 0, 0]) {
                    check(weights);
                }
            }
        }
    }
}
