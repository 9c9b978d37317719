//! Every alignment and class of sizes, to test plans of single regions with.

use core::ops::Range;

/// Bits of every alignment that the start of a region can have.
pub const ALIGNMENTS: Range<u32> = 2..24;

/// Every length from 1 to 4 KiB, and those around every power of two and its eighths
/// up to 16 MiB.
pub fn lengths() -> impl Iterator<Item = usize> {
    let parts = (12..24).flat_map(|bits| (8..=16).map(move |eighth| (eighth << bits) / 8));
    let around = parts.flat_map(|length| [length - 33, length - 1, length, length + 1]);
    (1..0x1000).chain(around)
}
