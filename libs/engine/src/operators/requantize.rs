//! From 32-bit sums to int8 outputs, four channels at a time.

use crate::fixed_point::{multiply, Multiplier};
use crate::format::{Common, GROUP, GROUP_HEADER_BYTES};

/// Bias and output factors of a group of four channels.
pub struct Requantizer {
    /// What the sums start with.
    pub bias: [i32; GROUP],
    factors: [Multiplier; GROUP],
}

impl Requantizer {
    /// Reads the header of a group.
    pub fn new(header: &[u8; GROUP_HEADER_BYTES]) -> Self {
        let words = header.as_chunks().0;
        let bytes = |index: usize| words.get(index).copied().unwrap_or_default();
        let word = |index| i32::from_le_bytes(bytes(index));
        let mut requantizer = Self {
            bias: [word(0), word(1), word(2), word(3)],
            factors: [4, 5, 6, 7].map(|index| Multiplier {
                multiplier: word(index),
                shift: 0,
            }),
        };
        for (factor, shift) in requantizer.factors.iter_mut().zip(bytes(2 * GROUP)) {
            factor.shift = i32::from(shift as i8);
        }
        requantizer
    }

    /// The outputs that `sums` become.
    #[inline(always)]
    pub fn outputs(&self, sums: &[i32; GROUP], common: &Common) -> [u8; GROUP] {
        let mut outputs = [0; GROUP];
        for ((output, sum), factor) in outputs.iter_mut().zip(sums).zip(&self.factors) {
            *output = limit(multiply(*sum, *factor), common);
        }
        outputs
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
