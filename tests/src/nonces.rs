//! Nonces, each used once.

use tflite_writer::Random;

/// A source of different nonces.
pub struct Nonces(Random);

impl Nonces {
    /// The nonces that belong to `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Random::new(seed))
    }

    /// The next nonce of `length` bytes.
    pub fn next(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.0.draw() as u8).collect()
    }
}
