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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::hex;

    fn mac(key: &[u8], message: &[u8]) -> HmacSha256 {
        let mut mac = HmacSha256::new(key);
        mac.update(message);
        mac
    }

    // RFC 4231 section 4.3.
    const JEFE: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn known_answers() {
        let message = b"what do ya want for nothing?";
        assert_eq!(mac(b"Jefe", message).finish(), hex(JEFE));
        // RFC 4231 section 4.7: a key longer than a block.
        let message = b"Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(
            mac(&[0xaa; 131], message).finish(),
            hex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        );
    }

    #[test]
    fn verify_compares_every_byte_and_the_length() {
        let message = b"what do ya want for nothing?";
        let expected: [u8; MAC_LEN] = hex(JEFE);
        assert_eq!(mac(b"Jefe", message).verify(&expected), Ok(()));
        for at in 0..MAC_LEN {
            let mut wrong = expected;
            wrong[at] ^= 0x10;
            assert_eq!(
                mac(b"Jefe", message).verify(&wrong),
                Err(Error::InvalidTag),
                "byte {at}"
            );
            assert_eq!(
                mac(b"Jefe", message).verify(&expected[..at]),
                Err(Error::InvalidTag),
                "length {at}"
            );
        }
    }
}
