//! From 32-bit sums to int8 outputs, four channels at a time.

use crate::fixed_point::{multiply, Multiplier};
use crate::format::{Common, GROUP, GROUP_HEADER_BYTES};
use crate::processor::Sums;

/// Bias and output factors of a group of four channels.
#[derive(Clone, Copy)]
pub struct Requantizer<'a> {
    header: &'a [u8; GROUP_HEADER_BYTES],
    common: &'a Common,
}

impl<'a> Requantizer<'a> {
    /// Reads the header of a group as it needs it.
    pub fn new(header: &'a [u8; GROUP_HEADER_BYTES], common: &'a Common) -> Self {
        Self { header, common }
    }

    /// Replaces each position's sums, biases not yet added, by its outputs.
    #[inline(always)]
    pub fn outputs(&self, sums: &[Sums], outputs: &mut [[u8; GROUP]]) {
        // One that clamps to all of int8 takes an instruction less for each output.
        if (self.common.minimum, self.common.maximum) == (i8::MIN, i8::MAX) {
            self.each(sums, outputs, |value| value);
        } else {
            let (least, most) = (self.common.minimum.into(), self.common.maximum.into());
            self.each(sums, outputs, |value| value.min(most).max(least));
        }
    }

    #[inline(always)]
    fn each(&self, sums: &[Sums], outputs: &mut [[u8; GROUP]], clamp: impl Fn(i32) -> i32) {
        let zero_point = i32::from(self.common.output_zero_point);
        let words: &[[u8; 4]] = self.header.as_chunks().0;
        let (Some(biases), Some(multipliers), Some(shifts)) =
            (words.get(..4), words.get(4..8), words.get(8))
        else {
            return;
        };
        for lane in 0..GROUP {
            let bias = i32::from_le_bytes(biases[lane]);
            let multiplier = i32::from_le_bytes(multipliers[lane]);
            let shift = i32::from(shifts[lane] as i8);
            let factor = Multiplier { multiplier, shift };
            for (sums, outputs) in sums.iter().zip(outputs.iter_mut()) {
                let value = multiply(sums[lane].wrapping_add(bias), factor);
                let value = value.wrapping_add(zero_point);
                outputs[lane] = clamp(value.clamp(-128, 127)) as u8;
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
