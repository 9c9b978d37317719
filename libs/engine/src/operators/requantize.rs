//! From 32-bit sums to int8 outputs, four channels at a time.

use crate::error::RunError;
use crate::fixed_point::{times, Multiplier};
use crate::format::{Common, GROUP};
use crate::processor::{
    as_words, copy_four, requantize, GroupHeader, Limits, Scale, Sums, REQUANTIZES, SATURATES,
};

/// Most products in a sum that surely stays below 2²⁷: each is at most 2¹⁴.
const MOST_PRODUCTS: usize = 1 << 13;
/// Biases of less than this, or as much below zero, keep such a sum within ±2²⁸.
const SMALL_BIAS: u32 = 1 << 27;

/// The header at the front of a group: where it lies, if that is at a word, or in
/// `copy`.
#[inline(always)]
pub fn header<'a>(group: &'a [u8], copy: &'a mut GroupHeader) -> &'a GroupHeader {
    if let Some(words) = as_words(group).first_chunk() {
        return words;
    }
    read(group, copy);
    copy
}

#[cold]
#[inline(never)]
fn read(group: &[u8], header: &mut GroupHeader) {
    for (word, bytes) in header.iter_mut().zip(group.as_chunks().0) {
        *word = i32::from_le_bytes(*bytes);
    }
}

/// Whether [`Requantizer::small`] may be used: sums of `products` stay below 2²⁸, and
/// all shifts are to the right, by 16 at most. Models have few other channels, most of
/// them dead.
pub fn is_small(header: &GroupHeader, products: usize) -> bool {
    let [b0, b1, b2, b3, _, _, _, _, shifts] = *header;
    // In −2²⁷..2²⁷ is below 2²⁸ once 2²⁷ is added, and so is a disjunction of such.
    let biases = [b0, b1, b2, b3].map(|bias| (bias as u32).wrapping_add(SMALL_BIAS));
    let [b0, b1, b2, b3] = biases;
    products <= MOST_PRODUCTS && (b0 | b1 | b2 | b3) < 2 * SMALL_BIAS && are_right(shifts as u32)
}

/// Whether all four bytes are in −16..0: their upper halves are set.
#[inline(always)]
fn are_right(shifts: u32) -> bool {
    shifts | 0x0f0f_0f0f == u32::MAX
}

/// From sums to outputs, by the numbers that all channels share.
#[derive(Clone, Copy)]
pub struct Requantizer(Limits);

impl Requantizer {
    /// For an operator.
    pub fn new(common: &Common) -> Self {
        Self(Limits {
            minimum: common.minimum.into(),
            maximum: common.maximum.into(),
            zero_point: common.output_zero_point.into(),
        })
    }

    /// Makes outputs of each position's sums, biases not yet added, and writes them
    /// to `pixels`, which have `channels` each, from channel `first` on. `outputs` has
    /// room for as many as there are sums.
    #[inline(always)]
    pub fn write(
        &self,
        group: (&GroupHeader, bool),
        sums: &[Sums],
        outputs: &mut [[u8; GROUP]],
        (pixels, channels): (&mut [u8], usize),
        first: usize,
    ) -> Result<(), RunError> {
        if REQUANTIZES && group.1 && first + GROUP <= channels {
            let count = pixels.len() / channels.max(1);
            let sums = sums.get(..count).unwrap_or(sums);
            let target = pixels.get_mut(first..).unwrap_or_default();
            return match requantize(group.0, &self.0, sums, target, channels) {
                true => Ok(()),
                false => Err(RunError::Inconsistent),
            };
        }
        self.make(group, sums, outputs);
        let end = channels.min(first + GROUP);
        for (pixel, outputs) in pixels.chunks_exact_mut(channels.max(1)).zip(outputs) {
            let target = pixel.get_mut(first..end).ok_or(RunError::Inconsistent)?;
            store(target, outputs);
        }
        Ok(())
    }

    /// What all outputs share.
    #[cfg(not(target_arch = "arm"))]
    #[inline(always)]
    pub fn limits(&self) -> &Limits {
        &self.0
    }

    /// Makes outputs of each position's sums, biases not yet added; the group says
    /// with its header whether it [`is_small`].
    #[inline(always)]
    pub fn make(
        &self,
        (header, is_small): (&GroupHeader, bool),
        sums: &[Sums],
        outputs: &mut [[u8; GROUP]],
    ) {
        if is_small {
            self.small(header, sums, outputs);
        } else {
            self.any(header, sums, outputs);
        }
    }

    /// Makes outputs of each position's sums, biases not yet added.
    #[cold]
    fn any(&self, header: &GroupHeader, sums: &[Sums], outputs: &mut [[u8; GROUP]]) {
        let [biases @ .., m0, m1, m2, m3, shifts] = header;
        let shifts = shifts.to_le_bytes();
        let channels = biases.iter().zip([m0, m1, m2, m3]).zip(shifts);
        for (lane, ((bias, multiplier), shift)) in channels.enumerate() {
            let factor = Multiplier {
                multiplier: *multiplier,
                shift: i32::from(shift as i8),
            };
            for (sums, outputs) in sums.iter().zip(outputs.iter_mut()) {
                let value = times(sums[lane].wrapping_add(*bias), factor);
                outputs[lane] = self.limit(value.wrapping_add(self.0.zero_point));
            }
        }
    }

    /// The same in fewer instructions, where [`is_small`].
    #[inline(always)]
    fn small(&self, header: &GroupHeader, sums: &[Sums], outputs: &mut [[u8; GROUP]]) {
        if REQUANTIZES {
            requantize(header, &self.0, sums, outputs.as_flattened_mut(), GROUP);
        } else if SATURATES && (self.0.minimum, self.0.maximum) == (-128, 127) {
            self.small_with(header, sums, outputs, |value| value.clamp(-128, 127) as u8);
        } else {
            self.small_with(header, sums, outputs, |value| self.limit(value));
        }
    }

    #[inline(always)]
    fn small_with(
        &self,
        header: &GroupHeader,
        sums: &[Sums],
        outputs: &mut [[u8; GROUP]],
        limit: impl Fn(i32) -> u8,
    ) {
        let shifts = header[2 * GROUP].to_le_bytes();
        for lane in 0..GROUP {
            // A shift of 1..=16, less one.
            let shift = u32::from(!shifts[lane]) & 15;
            let scale = Scale::new(header[lane], header[GROUP + lane], shift, self.0.zero_point);
            for (sums, outputs) in sums.iter().zip(outputs.iter_mut()) {
                outputs[lane] = limit(scale.apply(sums[lane]));
            }
        }
    }

    #[inline(always)]
    fn limit(&self, value: i32) -> u8 {
        value.min(self.0.maximum).max(self.0.minimum) as u8
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
pub fn store(target: &mut [u8], values: &[u8; GROUP]) {
    if let Some(target) = target.first_chunk_mut() {
        return copy_four(target, values);
    }
    for (target, value) in target.iter_mut().zip(values) {
        *target = *value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(minimum: i8, maximum: i8) -> Common {
        Common {
            input_zero_point: 0,
            output_zero_point: -7,
            minimum,
            maximum,
            input_offset: 0,
            output_offset: 0,
        }
    }

    #[test]
    fn small_is_any() {
        const ENDS: i32 = SMALL_BIAS as i32;
        let mut state = 1u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state as i32
        };
        for round in 0..20_000 {
            let shifts = [0; GROUP].map(|_| (-16 + ((random() >> 8) & 15)) as u8);
            let mut header = GroupHeader::default();
            for lane in 0..GROUP {
                header[lane] = random() >> 5;
                header[GROUP + lane] = random() & i32::MAX;
                if round % 8 == 0 {
                    // Plans may have any.
                    header[lane] = [-ENDS, ENDS - 1][lane & 1];
                    header[GROUP + lane] = [random(), i32::MIN, i32::MAX, -1][lane];
                }
            }
            header[2 * GROUP] = i32::from_le_bytes(shifts);
            assert!(is_small(&header, MOST_PRODUCTS));
            // Any size, so that all shifts leave something.
            let mut sums =
                [[0; GROUP]; 5].map(|sums| sums.map(|_: i32| random() >> (5 + round % 26)));
            (sums[0], sums[1]) = ([-ENDS; GROUP], [ENDS; GROUP]);
            for (minimum, maximum) in [(-128, 127), (-7, 100)] {
                let requantizer = Requantizer::new(&common(minimum, maximum));
                let (mut small, mut any) = ([[0; GROUP]; 5], [[0; GROUP]; 5]);
                requantizer.small(&header, &sums, &mut small);
                requantizer.any(&header, &sums, &mut any);
                assert_eq!(small, any, "{header:?} {sums:?}");
            }
        }
    }

    #[test]
    fn right_shifts_are_recognised() {
        for shift in i8::MIN..=i8::MAX {
            for lane in 0..GROUP {
                let mut shifts = [-1i8 as u8; GROUP];
                shifts[lane] = shift as u8;
                let found = are_right(u32::from_le_bytes(shifts));
                assert_eq!(found, (-16..0).contains(&shift), "{shift}");
            }
        }
    }

    #[test]
    fn large_sums_and_left_shifts_are_not_small() {
        let mut header = GroupHeader::default();
        header[2 * GROUP] = -1;
        assert!(is_small(&header, MOST_PRODUCTS));
        assert!(!is_small(&header, MOST_PRODUCTS + 1));
        for (word, value) in [(3, i32::MIN), (0, 1 << 27), (8, 0x00ff_ffff)] {
            let mut header = header;
            header[word] = value;
            assert!(!is_small(&header, 1), "{word} {value}");
        }
    }
}
