//! From 32-bit sums to int8 outputs, four channels at a time.

use crate::fixed_point::{multiply, Multiplier};
use crate::format::{Common, GROUP, GROUP_HEADER_BYTES};
use crate::processor::{multiply_upper, Sums};

/// Words of a group's header.
const WORDS: usize = GROUP_HEADER_BYTES / 4;

/// Most products in a sum that surely stays below 2²⁹: each is at most 2¹⁴.
pub const MOST_PRODUCTS: usize = 1 << 15;
/// Biases below this keep such a sum below 2³⁰.
const SMALL_BIAS: u32 = 1 << 29;

/// Bias and output factors of a group of four channels.
pub struct Requantizer<'a> {
    header: &'a [i32; WORDS],
    common: &'a Common,
    /// Products in a sum.
    products: usize,
}

impl<'a> Requantizer<'a> {
    /// For sums of `products`, with the `header` that [`words`] read.
    pub fn new(header: &'a [i32; WORDS], common: &'a Common, products: usize) -> Self {
        Self {
            header,
            common,
            products,
        }
    }

    /// Makes outputs of each position's sums, biases not yet added.
    #[inline(always)]
    pub fn outputs(&self, sums: &[Sums], outputs: &mut [[u8; GROUP]]) {
        // Clamping to all of int8 takes fewer instructions for each output.
        if (self.common.minimum, self.common.maximum) == (i8::MIN, i8::MAX) {
            self.channels(sums, outputs, |value| value);
        } else {
            let (least, most) = (self.common.minimum.into(), self.common.maximum.into());
            self.channels(sums, outputs, |value| value.min(most).max(least));
        }
    }

    #[inline(always)]
    fn channels(&self, sums: &[Sums], outputs: &mut [[u8; GROUP]], clamp: impl Fn(i32) -> i32) {
        let [b0, b1, b2, b3, m0, m1, m2, m3, shifts] = *self.header;
        let [s0, s1, s2, s3] = shifts.to_le_bytes();
        let channel = |bias: i32, multiplier, shift: u8| Channel {
            bias,
            factor: Multiplier {
                multiplier,
                shift: i32::from(shift as i8),
            },
            is_small: self.products <= MOST_PRODUCTS && bias.unsigned_abs() < SMALL_BIAS,
            zero_point: self.common.output_zero_point.into(),
        };
        channel(b0, m0, s0).outputs::<0>(sums, outputs, &clamp);
        channel(b1, m1, s1).outputs::<1>(sums, outputs, &clamp);
        channel(b2, m2, s2).outputs::<2>(sums, outputs, &clamp);
        channel(b3, m3, s3).outputs::<3>(sums, outputs, &clamp);
    }
}

/// Reads the words of a group's header.
#[inline(always)]
pub fn words(header: &[u8; GROUP_HEADER_BYTES]) -> [i32; WORDS] {
    let mut words = [0; WORDS];
    for (word, bytes) in words.iter_mut().zip(header.as_chunks().0) {
        *word = i32::from_le_bytes(*bytes);
    }
    words
}

/// One channel's numbers.
struct Channel {
    bias: i32,
    factor: Multiplier,
    /// Whether sums stay below 2³⁰, bias included.
    is_small: bool,
    zero_point: i32,
}

impl Channel {
    #[inline(always)]
    fn outputs<const LANE: usize>(
        &self,
        sums: &[Sums],
        outputs: &mut [[u8; GROUP]],
        clamp: &impl Fn(i32) -> i32,
    ) {
        let Self {
            bias,
            factor,
            zero_point,
            ..
        } = *self;
        let positions = sums.iter().zip(outputs.iter_mut());
        if self.is_small && (-31..0).contains(&factor.shift) {
            // The same with all that cannot change between positions done before:
            // twice the sum is small enough for a product's upper half, and the zero
            // point goes in before the last halving.
            let shift = factor.shift.unsigned_abs().wrapping_sub(1);
            let (twice_bias, twice_zero_point) = (bias << 1, (zero_point << 1) + 1);
            for (sums, outputs) in positions {
                let twice = (sums[LANE] << 1).wrapping_add(twice_bias);
                let high = multiply_upper(twice, factor.multiplier);
                let away = high + (high >> 31);
                let value = ((away >> shift) + twice_zero_point) >> 1;
                outputs[LANE] = clamp(value.clamp(-128, 127)) as u8;
            }
        } else {
            for (sums, outputs) in positions {
                let value = multiply(sums[LANE].wrapping_add(bias), factor);
                let value = value.wrapping_add(zero_point);
                outputs[LANE] = clamp(value.clamp(-128, 127)) as u8;
            }
        }
    }
}

/// Adds the output's zero point and clamps to the activation's range.
#[inline(always)]
pub fn limit(value: i32, common: &Common) -> u8 {
    value
        .wrapping_add(i32::from(common.output_zero_point))
        .min(i32::from(common.maximum))
        .max(i32::from(common.minimum)) as u8
}

/// Writes the first of `values` to `target`, as many as it has room for.
#[inline(always)]
pub fn store(target: &mut [u8], values: [u8; GROUP]) {
    if let Some(four) = target.first_chunk_mut::<GROUP>() {
        *four = values;
        return;
    }
    for (target, value) in target.iter_mut().zip(values) {
        *target = value;
    }
}
