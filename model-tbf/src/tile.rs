//! One tile: its place in the package, its nonce, and what its tag binds it to.

use crate::refusal::Refusal;
use anchorhold_crypto::aead::{self, NONCE_LEN};
use anchorhold_crypto::Secret;

/// Length of a tile's associated data: manifest digest, index, count.
const AAD_LEN: usize = 32 + 4 + 4;

/// A view of one encrypted tile. The tag binds it to the manifest and to its place, so
/// that tiles can be neither swapped nor moved to another package.
pub(crate) struct Tile<'a> {
    pub index: u32,
    pub ciphertext: &'a [u8],
    pub tag: &'a [u8],
    pub nonce: [u8; NONCE_LEN],
    pub aad: [u8; AAD_LEN],
}

impl Tile<'_> {
    /// Checks the tag, in constant time.
    pub fn check(&self, key: &Secret<32>) -> Result<(), Refusal> {
        aead::check_tag(key, &self.nonce, &self.aad, self.ciphertext, self.tag)
            .map_err(|_| Refusal::TagMismatch(self.index))
    }

    /// Checks the tag and only then decrypts; returns the plaintext's length.
    pub fn decrypt(
        &self,
        key: &Secret<32>,
        sink: impl FnMut(usize, &[u8]),
    ) -> Result<usize, Refusal> {
        self.check(key)?;
        aead::decrypt_blocks(key, &self.nonce, self.ciphertext, sink);
        Ok(self.ciphertext.len())
    }
}

/// The base nonce, its last four bytes combined with the index.
pub(crate) fn nonce(base: &[u8; NONCE_LEN], index: u32) -> [u8; NONCE_LEN] {
    let mut nonce = *base;
    let last = nonce.iter_mut().rev();
    for (byte, part) in last.zip(index.to_le_bytes()) {
        *byte ^= part;
    }
    nonce
}

/// Manifest digest, index and count, the integers little-endian.
pub(crate) fn aad(manifest_digest: &[u8; 32], index: u32, count: u32) -> [u8; AAD_LEN] {
    let mut aad = [0; AAD_LEN];
    let place = index.to_le_bytes().into_iter().chain(count.to_le_bytes());
    for (to, from) in aad
        .iter_mut()
        .zip(manifest_digest.iter().copied().chain(place))
    {
        *to = from;
    }
    aad
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_follow_the_index_big_endian() {
        let base = [0xf0; NONCE_LEN];
        assert_eq!(nonce(&base, 0), base);
        assert_eq!(nonce(&base, 0x0102_0304)[8..], [0xf1, 0xf2, 0xf3, 0xf4]);
        assert_eq!(nonce(&base, u32::MAX)[..8], base[..8]);
    }

    #[test]
    fn associated_data_is_digest_index_count() {
        let aad = aad(&[7; 32], 0x0102, 3);
        assert_eq!(aad[..32], [7; 32]);
        assert_eq!(aad[32..], [2, 1, 0, 0, 3, 0, 0, 0]);
    }
}
