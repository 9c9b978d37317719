//! The reference: plain Rust, for any processor.

use super::{channels, Pixel, Sums};
#[cfg(not(target_arch = "riscv32"))]
use super::{GroupHeader, Inputs, Kernel, Limits};
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
use super::{Known, Runs};
use crate::format::GROUP;
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
use crate::format::GROUP_HEADER_BYTES;
#[cfg(not(target_arch = "riscv32"))]
use crate::stream::QUAD_BYTES;

/// The int8 that a byte holds.
#[inline(always)]
fn wide(byte: u8) -> i32 {
    i32::from(byte as i8)
}

/// One position, four channels: adds what `weights` and `inputs`, walked in step,
/// come to. The shorter one ends the loop.
#[cfg(not(target_arch = "riscv32"))]
pub fn one_by_four(sums: &mut Sums, weights: &[[u8; QUAD_BYTES]], inputs: &[Inputs]) {
    for (weights, inputs) in weights.iter().zip(inputs) {
        for (sum, weights) in sums.iter_mut().zip(weights.as_chunks::<4>().0) {
            for (weight, input) in weights.iter().zip(inputs) {
                *sum = sum.wrapping_add(wide(*weight) * wide(*input));
            }
        }
    }
}

/// Two pairs of positions, whose sums are computed together, four channels at a time.
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
pub struct Square<'a> {
    windows: [&'a [Word]; 2],
    sums: [Sums; 4],
}

#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
impl<'a> Square<'a> {
    /// The positions with these windows.
    pub fn new(
        windows: [&'a [Word]; 2],
        _runs: &'a Runs,
        _limits: &Limits,
        _pitches: [usize; 2],
    ) -> Self {
        let sums = Default::default();
        Self { windows, sums }
    }

    /// The sums of all products of a group's weights with each position's window.
    pub fn sums(&mut self, group: &[u8], _known: &Known) -> &[Sums; 4] {
        let weights = group.get(GROUP_HEADER_BYTES..).unwrap_or_default();
        let weights = weights.as_chunks::<QUAD_BYTES>().0;
        self.sums = Default::default();
        for (sums, window) in self
            .sums
            .as_chunks_mut::<2>()
            .0
            .iter_mut()
            .zip(self.windows)
        {
            for (quad, words) in weights.iter().zip(window.as_chunks::<4>().0) {
                let seconds = words.map(|word| -(value(word).wrapping_add(1 << 15) >> 16));
                let firsts = words.map(|word| value(word) as u8);
                one_by_four(&mut sums[0], &[*quad], &[firsts]);
                one_by_four(
                    &mut sums[1],
                    &[*quad],
                    &[seconds.map(|second| second as u8)],
                );
            }
        }
        &self.sums
    }

    /// Outputs of how many groups were written: not here.
    pub fn outputs(
        &mut self,
        _groups: &[u8],
        _length: usize,
        _known: &[Known],
        _target: &mut [u8],
    ) -> usize {
        0
    }
}

/// Inputs of two positions, little-endian: any bytes of an arena are some.
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
pub type Word = [u8; 4];

/// A word of that value.
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
pub fn word(value: i32) -> Word {
    value.to_le_bytes()
}

/// A word's value.
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
pub fn value(word: Word) -> i32 {
    i32::from_le_bytes(word)
}

/// The words in `bytes`.
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
pub fn words(bytes: &mut [u8]) -> &mut [Word] {
    bytes.as_chunks_mut().0
}

/// One position, four channels that do not mix: one weight and one input of each
/// channel for every tap.
#[inline(always)]
pub fn taps(sums: &mut Sums, weights: &[[u8; GROUP]], pixels: &[Pixel]) {
    for (weights, pixel) in weights.iter().zip(pixels) {
        multiply_channels(sums, weights.map(wide), pixel);
    }
}

/// A product for each sum.
#[inline(always)]
fn multiply_channels(sums: &mut Sums, weights: [i32; GROUP], pixel: &Pixel) {
    for (sum, (weight, input)) in sums.iter_mut().zip(weights.iter().zip(channels(pixel))) {
        *sum = sum.wrapping_add(weight * input);
    }
}

/// As many positions as there are sums, `stride` pixels apart, under a kernel of
/// 3 × 3: four channels that do not mix. Lines are as long as that takes; if one is not,
/// sums are of no use.
#[cfg(not(target_arch = "riscv32"))]
pub fn three_by_three(sums: &mut [Sums], kernel: &Kernel, lines: [&[Pixel]; 3], stride: usize) {
    for (position, sums) in sums.iter_mut().enumerate() {
        *sums = [0; GROUP];
        for (weights, line) in kernel.0.chunks_exact(3).zip(lines) {
            let pixels = line.get(position * stride..).unwrap_or_default();
            for (weights, pixel) in weights.iter().zip(pixels) {
                multiply_channels(sums, channels(weights), pixel);
            }
        }
    }
}

/// Whether limiting to int8 takes fewer instructions than limiting to anything else.
#[cfg(not(target_arch = "arm"))]
pub const SATURATES: bool = false;

/// From a channel's sums, which are below 2²⁸, to its outputs: all that cannot change
/// between sums is done before.
#[cfg(not(target_arch = "arm"))]
#[derive(Clone, Copy)]
pub struct Scale {
    bias: i32,
    multiplier: i32,
    shift: u32,
    zero_point: i32,
}

#[cfg(not(target_arch = "arm"))]
impl Scale {
    /// For a factor of `multiplier × 2^−(32 + shift)`, `shift` at most 15.
    #[inline(always)]
    pub fn new(bias: i32, multiplier: i32, shift: u32, zero_point: i32) -> Self {
        Self {
            bias: bias << 2,
            multiplier,
            shift: shift + 2,
            // With the half that rounds.
            zero_point: ((zero_point << 1) + 1) << (shift + 1),
        }
    }

    /// An output, not yet limited.
    ///
    /// The upper half of the product has one bit more than the first rounding leaves.
    /// It is rounded up, and halves of what is below zero are rounded down after that:
    /// adding one or taking one off, by sign, does both.
    #[inline(always)]
    pub fn apply(self, sum: i32) -> i32 {
        let product = i64::from((sum << 2).wrapping_add(self.bias)) * i64::from(self.multiplier);
        let upper = (product >> 32) as i32;
        let away = upper.wrapping_add(upper >> 31 | 1);
        away.wrapping_add(self.zero_point) >> self.shift
    }
}

/// Whether there is a [`requantize`].
#[cfg(not(target_arch = "riscv32"))]
pub const REQUANTIZES: bool = false;

/// Outputs of whole groups, by more than one lane at a time: not here.
#[cfg(not(target_arch = "riscv32"))]
#[inline(always)]
pub fn requantize(
    _header: &GroupHeader,
    _limits: &Limits,
    _sums: &[Sums],
    _target: &mut [u8],
    _pitch: usize,
) -> bool {
    false
}

/// `bytes` as words; none where this processor has no use for them.
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
pub fn as_words(_bytes: &[u8]) -> &[i32] {
    &[]
}

/// `bytes` as words, for writing; none here.
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
pub fn as_words_mut(_bytes: &mut [u8]) -> &mut [i32] {
    &mut []
}

/// Copies four bytes.
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
pub fn copy_four(target: &mut [u8; 4], source: &[u8; 4]) {
    *target = *source;
}
