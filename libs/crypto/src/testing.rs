//! Hexadecimal constants for known-answer tests.

use crate::secret::Secret;

/// The `N` bytes that `text` spells in hexadecimal; anything else fails the test.
pub fn hex<const N: usize>(text: &str) -> [u8; N] {
    assert_eq!(text.len(), 2 * N);
    let mut bytes = [0; N];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).unwrap();
    }
    bytes
}

/// A secret from hexadecimal text.
pub fn secret<const N: usize>(text: &str) -> Secret<N> {
    Secret::new(hex(text))
}
