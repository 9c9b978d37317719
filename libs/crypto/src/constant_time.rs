//! Comparison whose running time depends on the lengths alone.

use subtle::ConstantTimeEq;

/// Whether `a` and `b` are equal. Every byte is looked at, whatever the first ones say.
///
/// Lengths are public: slices of different lengths are unequal at once.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The trap: a comparison that looks at a prefix only accepts a difference further on.
    #[test]
    fn a_difference_at_any_byte_counts() {
        let a = [0xA5u8; 48];
        assert!(equal(&a, &a));
        for at in 0..a.len() {
            for bit in 0..8 {
                let mut b = a;
                b[at] ^= 1 << bit;
                assert!(!equal(&a, &b), "byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn a_prefix_is_not_equal() {
        assert!(!equal(b"tag", b"tags"));
        assert!(!equal(b"", b"t"));
        assert!(equal(b"", b""));
    }
}
