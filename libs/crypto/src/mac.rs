//! HMAC-SHA256 (RFC 2104).

use crate::digest;
use crate::error::Error;
use crate::secret::Secret;
use hmac::{Hmac, KeyInit, Mac};

/// Length of an HMAC-SHA256 value, in bytes.
pub const MAC_LEN: usize = 32;

/// Block length of SHA-256, to which a key is padded with zeros.
const BLOCK_LEN: usize = 64;

/// An incremental HMAC-SHA256. Its keyed state is wiped when dropped.
pub struct HmacSha256(Hmac<sha2::Sha256>);

impl HmacSha256 {
    /// Starts a computation under `key`, which may have any length (RFC 2104 section 2).
    pub fn new(key: &[u8]) -> Self {
        let mut block = Secret::<BLOCK_LEN>::zeroed();
        let hashed;
        let key = if key.len() > BLOCK_LEN {
            hashed = Secret::new(digest::sha256(key));
            hashed.expose().as_slice()
        } else {
            key
        };
        for (to, from) in block.expose_mut().iter_mut().zip(key) {
            *to = *from;
        }
        HmacSha256(Hmac::new(block.expose().into()))
    }

    /// Appends `data` to the message.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// The value over everything appended so far.
    pub fn finish(self) -> [u8; MAC_LEN] {
        self.0.finalize().into_bytes().into()
    }

    /// Compares the value with `expected` in constant time.
    ///
    /// # Errors
    /// [`Error::InvalidTag`] when they differ; a truncated value counts as different.
    pub fn verify(self, expected: &[u8]) -> Result<(), Error> {
        self.0.verify_slice(expected).map_err(|_| Error::InvalidTag)
    }
}
