//! From products to outputs: what convolutions and FullyConnected have in common.
//!
//! A group of four channels comes as biases (64 bits), multipliers (32 bits), shifts
//! (8 bits), then weights: for every input in turn, one of each channel. Sums have 64
//! bits. Which arithmetic follows depends on the biases' type in the model
//! (tensorflow/lite/micro/kernels/conv.cc and fully_connected.cc): with 64-bit biases
//! the sum is multiplied by the upper half of the multiplier, which the compiler has
//! rounded to 16 bits, and rounded once, halves up; with 32-bit biases the sum counts
//! modulo 2³² and is rounded twice, as in int8 (tensorflow/lite/kernels/internal/common.cc,
//! both overloads of `MultiplyByQuantizedMultiplier`).

use super::elements::{limited, value, Bytes};
use crate::error::RunError;
use crate::fixed_point::{times, Multiplier};
use crate::format::int16::{Int16, Sums, INT16_GROUP_HEADER_BYTES};
use crate::format::GROUP;

/// Sums of a group's channels.
pub type Wide = [i64; GROUP];
/// A weight of each channel.
pub type Quad = [u8; GROUP];

/// Most products, each at most 2²² from zero, whose sum 32 bits surely hold.
const MOST_NARROW: usize = 256;

/// Biases and factors of a group of channels.
pub struct Group {
    biases: Wide,
    factors: [Multiplier; GROUP],
    sums: Sums,
}

impl Group {
    /// Reads what stands before a group's weights.
    #[inline(never)]
    pub fn new(header: &[u8; INT16_GROUP_HEADER_BYTES], sums: Sums) -> Self {
        let (biases, rest) = header.split_at(8 * GROUP);
        let (multipliers, shifts) = rest.split_at(4 * GROUP);
        let mut group = Self {
            biases: [0; GROUP],
            factors: [Multiplier {
                multiplier: 0,
                shift: 0,
            }; GROUP],
            sums,
        };
        for (to, from) in group.biases.iter_mut().zip(biases.as_chunks().0) {
            *to = i64::from_le_bytes(*from);
        }
        let factors = multipliers.as_chunks().0.iter().zip(shifts);
        for (to, (multiplier, shift)) in group.factors.iter_mut().zip(factors) {
            to.multiplier = i32::from_le_bytes(*multiplier);
            to.shift = i32::from(*shift as i8);
        }
        group
    }

    /// Splits a group that lies in memory into header and weights.
    pub fn split(group: &[u8], sums: Sums) -> Result<(Self, &[Quad]), RunError> {
        let (header, weights) = group.split_first_chunk().ok_or(RunError::Inconsistent)?;
        Ok((Self::new(header, sums), weights.as_chunks().0))
    }

    /// Makes the outputs of the channels that `outputs` has room for.
    #[inline(never)]
    pub fn store(&self, sums: &Wide, int16: &Int16, outputs: &mut [Bytes]) {
        let channels = sums.iter().zip(&self.biases).zip(&self.factors);
        for (output, ((sum, bias), factor)) in outputs.iter_mut().zip(channels) {
            let sum = sum.wrapping_add(*bias);
            let result = match self.sums {
                Sums::Wide => multiply_wide(sum, *factor),
                Sums::Narrow => times(sum as i32, *factor),
            };
            *output = limited(result, int16);
        }
    }
}

/// `sum × multiplier × 2^(shift − 15)`, rounded to nearest, halves up. Shifts of 15 and
/// more, which no model has, count modulo 64.
fn multiply_wide(sum: i64, factor: Multiplier) -> i32 {
    let bits = 15i32.wrapping_sub(factor.shift) as u32 & 63;
    let half = (1i64 << bits) >> 1;
    let product = sum.wrapping_mul(factor.multiplier.into());
    (product.wrapping_add(half) >> bits) as i32
}

/// Adds the products of inputs and quads, walked in step. The shorter one ends it.
#[inline(never)]
pub fn add_products(sums: &mut Wide, inputs: &[Bytes], quads: &[Quad]) {
    for (inputs, quads) in inputs.chunks(MOST_NARROW).zip(quads.chunks(MOST_NARROW)) {
        let mut narrow = [0i32; GROUP];
        for (input, quad) in inputs.iter().zip(quads) {
            let input = value(*input);
            for (sum, weight) in narrow.iter_mut().zip(quad) {
                *sum = sum.wrapping_add(input * i32::from(*weight as i8));
            }
        }
        for (sum, narrow) in sums.iter_mut().zip(narrow) {
            *sum = sum.wrapping_add(narrow.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(multiplier: i32, shift: i32) -> Multiplier {
        Multiplier { multiplier, shift }
    }

    #[test]
    fn wide_sums_round_once_and_halves_up() {
        // 2¹⁴ × 2^(−1 − 15) is a quarter.
        let quarter = factor(1 << 14, -1);
        for (sum, expected) in [(1, 0), (2, 1), (-2, 0), (-3, -1), (1 << 32, 1 << 30)] {
            assert_eq!(multiply_wide(sum, quarter), expected, "{sum}");
        }
        assert_eq!(multiply_wide(-(1 << 40), factor(0x7fff, -31)), -512);
        assert_eq!(multiply_wide(3, factor(1 << 14, 7)), 3 << 6);
    }

    #[test]
    fn no_factor_panics() {
        for sum in [i64::MIN, -1, 0, 1, i64::MAX] {
            for multiplier in [i32::MIN, -1, 0, 1, i32::MAX] {
                for shift in -128..=127 {
                    multiply_wide(sum, factor(multiplier, shift));
                }
            }
        }
    }

    #[test]
    fn long_sums_do_not_overflow() {
        let inputs = [i16::MIN.to_le_bytes(); 1000];
        let quads = [[0x80, 0x7f, 0, 1]; 1000];
        let mut sums = [5, 0, 0, 0];
        add_products(&mut sums, &inputs, &quads);
        let expected = [(1 << 22) * 1000 + 5, -32_768 * 127_000, 0, -32_768_000];
        assert_eq!(sums, expected);
    }
}
