//! Square roots, which make magnitudes of energies.

/// The square root of `number`, to the nearest integer; the lower one for what is just
/// below 2^32, whose root fits in 16 bits so.
pub fn square_root(number: u64) -> u32 {
    let mut rest = number;
    let mut root: u64 = 0;
    // The largest power of four that can be in it.
    let mut bit = 1 << (number.checked_ilog2().unwrap_or(0) / 2 * 2);
    while bit != 0 {
        if rest >= root + bit {
            rest -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
        bit >>= 2;
    }
    // (root + 1/2)² is root² + root and a quarter.
    if rest > root && root != u64::from(u16::MAX) && root != u64::from(u32::MAX) {
        root += 1;
    }
    root as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_nearest() {
        for root in (1..=70_000).chain([1 << 20, (1 << 31) + 12_345, u64::from(u32::MAX) - 1]) {
            let square = root * root;
            for (number, expected) in [
                (square - root, root - 1),
                (square - root + 1, root),
                (square, root),
                (square + root, root),
            ] {
                if number >> 32 == 0 && root > u64::from(u16::MAX) {
                    continue;
                }
                assert_eq!(u64::from(square_root(number)), expected, "of {number}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_range() {
        assert_eq!(square_root(0), 0);
        assert_eq!(square_root(u64::from(u32::MAX)), u32::from(u16::MAX));
        assert_eq!(square_root(1 << 32), 1 << 16);
        assert_eq!(square_root(u64::MAX), u32::MAX);
    }
}
