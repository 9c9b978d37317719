//! SHA-256 (FIPS 180-4).

use sha2::Digest as _;

/// Length of a SHA-256 digest, in bytes.
pub const DIGEST_LEN: usize = 32;

/// An incremental SHA-256. It wipes what it has of the message when it is dropped.
#[derive(Clone)]
pub struct Sha256(sha2::Sha256);

impl Sha256 {
    /// Starts a digest of nothing.
    pub fn new() -> Self {
        Sha256(sha2::Sha256::new())
    }

    /// Appends `data` to the message.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// The digest of everything appended so far.
    pub fn finish(self) -> [u8; DIGEST_LEN] {
        self.0.finalize().into()
    }
}

impl Default for Sha256 {
    fn default() -> Self {
        Self::new()
    }
}

/// The digest of one message.
pub fn sha256(message: &[u8]) -> [u8; DIGEST_LEN] {
    let mut digest = Sha256::new();
    digest.update(message);
    digest.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    // FIPS 180-4, the "abc" example.
    const ABC: [u8; 32] = [
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22,
        0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00,
        0x15, 0xad,
    ];

    #[test]
    fn known_answer() {
        assert_eq!(sha256(b"abc"), ABC);
    }

    #[test]
    fn pieces_add_up() {
        let mut digest = Sha256::new();
        digest.update(b"a");
        digest.update(b"");
        digest.update(b"bc");
        assert_eq!(digest.finish(), ABC);
    }
}
