//! Natural logarithms of integers, from a table.

use crate::constant_math::{ln, round, LN_2};

/// Fractional bits of a logarithm to base 2.
const BITS: u32 = 16;
/// The table's share of them.
const SEGMENT_BITS: u32 = 7;
const SEGMENTS: usize = 1 << SEGMENT_BITS;
/// A result is in 64ths.
const OUTPUT_SHIFT: u32 = 6;
/// ln 2 with as many fractional bits.
const LN_2_FIXED: u64 = round(LN_2 * (1 << BITS) as f64) as u64;

/// How far log2(1 + x) is above x, which it is close to, at both ends of every segment.
static EXCESS: [u16; SEGMENTS + 1] = excess();

const fn excess() -> [u16; SEGMENTS + 1] {
    let mut table = [0; SEGMENTS + 1];
    let mut at = 0;
    while at < table.len() {
        let x = at as f64 / SEGMENTS as f64;
        table[at] = round((ln(1.0 + x) / LN_2 - x) * (1 << BITS) as f64) as u16;
        at += 1;
    }
    table
}

/// The logarithm of a number to base 2, with [`BITS`] fractional bits.
fn log2(number: u32) -> Option<u32> {
    let exponent = number.checked_ilog2()?;
    // 16 bits of the fraction.
    let x = (u64::from(number) << BITS >> exponent) as u32 & ((1 << BITS) - 1);
    let segment = (x >> (BITS - SEGMENT_BITS)) as usize % SEGMENTS;
    let [from, to] = [EXCESS[segment], EXCESS[segment + 1]].map(i32::from);
    let within = x as i32 & ((1 << (BITS - SEGMENT_BITS)) - 1);
    // A segment's excess is found as it is in TensorFlow Lite Micro, where a segment
    // counts as one whole: it moves by a 128th of the difference at most.
    let excess = from + (((to - from) * within) >> BITS);
    Some((exponent << BITS) + x + excess as u32)
}

/// The natural logarithm in 64ths, rounded; 0 for 0 and 1.
pub fn logarithm(number: u32) -> u32 {
    let log2 = log2(number).unwrap_or(0);
    let half = 1 << (BITS - 1);
    let ln = (LN_2_FIXED * u64::from(log2) + half) >> BITS;
    (((ln << OUTPUT_SHIFT) + half) >> BITS) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_natural_logarithm() {
        let numbers = core::iter::successors(Some(2u32), |now| now.checked_add(now / 300 + 1));
        for number in numbers {
            let exact = f64::from(number).ln() * 64.0;
            let ours = f64::from(logarithm(number));
            assert!(
                (ours - exact).abs() <= 0.8,
                "{number}: {ours} is not {exact}"
            );
        }
    }

    #[test]
    fn the_smallest_and_the_largest() {
        assert_eq!(logarithm(0), 0);
        assert_eq!(logarithm(1), 0);
        assert_eq!(logarithm(u32::MAX), 1420);
    }
}
