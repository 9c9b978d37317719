//! The provisioned page: 256 bytes of one-time programmable memory.
//!
//! | offset | bytes | |
//! |---|---|---|
//! | 0 | 8 | magic `AHOTP001` |
//! | 8 | 1 | key tier |
//! | 9 | 7 | zero |
//! | 16 | 32 | hardware unique key (HUK) |
//! | 48 | 64 | public key that signs applications: the OEM's, x ‖ y |
//! | 112 | 64 | public key that signs models: the publisher's, x ‖ y |
//! | 176 | 48 | zero |
//! | 224 | 32 | SHA-256 of bytes 0 to 224, against bit flips |

use crate::tier::KeyTier;
use anchorhold_crypto::digest::sha256;
use anchorhold_crypto::es256::PublicKey;
use anchorhold_crypto::Secret;
use core::fmt;

/// Length of the page, in bytes.
pub const PAGE_BYTES: usize = 256;

const MAGIC: [u8; 8] = *b"AHOTP001";
const TIER: usize = 8;
const ZERO: core::ops::Range<usize> = 9..16;
const HUK: usize = 16;
const OEM: usize = 48;
const PUBLISHER: usize = 112;
const LATER: core::ops::Range<usize> = 176..224;
const DIGEST: usize = 224;

/// Why a page is not usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageError {
    /// It does not begin with the magic: the device was never provisioned.
    NotProvisioned,
    /// Its digest does not match.
    Damaged,
    /// It has a key tier that is not known, or content where zeros must be.
    UnknownContent,
    /// A public key is not a point on the curve.
    InvalidKey,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PageError::NotProvisioned => "the device is not provisioned",
            PageError::Damaged => "the provisioned page is damaged",
            PageError::UnknownContent => "the provisioned page has unknown content",
            PageError::InvalidKey => "a provisioned public key is not on the curve",
        })
    }
}

impl core::error::Error for PageError {}

/// A checked view of a page. It borrows the bytes, which hold the HUK: whoever
/// owns them wipes them.
pub struct Page<'a> {
    bytes: &'a [u8; PAGE_BYTES],
    tier: KeyTier,
}

impl<'a> Page<'a> {
    /// Checks everything but the public keys, which are checked when asked for.
    ///
    /// # Errors
    /// [`PageError::NotProvisioned`], [`PageError::Damaged`] or
    /// [`PageError::UnknownContent`].
    pub fn check(bytes: &'a [u8; PAGE_BYTES]) -> Result<Page<'a>, PageError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(PageError::NotProvisioned);
        }
        let (content, digest) = bytes.split_at(DIGEST);
        if sha256(content) != *digest {
            return Err(PageError::Damaged);
        }
        let reserved = bytes.iter().skip(LATER.start).take(LATER.len());
        let mut zeros = bytes
            .iter()
            .skip(ZERO.start)
            .take(ZERO.len())
            .chain(reserved);
        let tier = bytes.get(TIER).copied().and_then(KeyTier::from_code);
        match tier {
            Some(tier) if zeros.all(|&byte| byte == 0) => Ok(Page { bytes, tier }),
            _ => Err(PageError::UnknownContent),
        }
    }

    /// How the HUK is protected.
    pub fn tier(&self) -> KeyTier {
        self.tier
    }

    /// A copy of the HUK, which wipes itself when dropped.
    pub fn huk(&self) -> Secret<32> {
        let mut huk = Secret::zeroed();
        for (to, from) in huk.expose_mut().iter_mut().zip(self.bytes.iter().skip(HUK)) {
            *to = *from;
        }
        huk
    }

    /// The key whose signatures make an application identity.
    ///
    /// # Errors
    /// [`PageError::InvalidKey`].
    pub fn oem_key(&self) -> Result<PublicKey, PageError> {
        self.public_key(OEM)
    }

    /// The key whose signatures make a model acceptable.
    ///
    /// # Errors
    /// [`PageError::InvalidKey`].
    pub fn publisher_key(&self) -> Result<PublicKey, PageError> {
        self.public_key(PUBLISHER)
    }

    fn public_key(&self, offset: usize) -> Result<PublicKey, PageError> {
        self.bytes
            .get(offset..)
            .and_then(|rest| rest.first_chunk())
            .and_then(|point| PublicKey::from_bytes(point).ok())
            .ok_or(PageError::InvalidKey)
    }
}

/// The bytes of a page; they hold the HUK, so they come in a buffer that wipes itself.
pub fn encode(
    tier: KeyTier,
    huk: &Secret<32>,
    oem: &PublicKey,
    publisher: &PublicKey,
) -> Secret<PAGE_BYTES> {
    let mut page = Secret::<PAGE_BYTES>::zeroed();
    let bytes = page.expose_mut();
    let parts: [(usize, &[u8]); 5] = [
        (0, &MAGIC),
        (TIER, &[tier.code()]),
        (HUK, huk.expose()),
        (OEM, oem.as_bytes()),
        (PUBLISHER, publisher.as_bytes()),
    ];
    for (offset, part) in parts {
        for (to, from) in bytes.iter_mut().skip(offset).zip(part) {
            *to = *from;
        }
    }
    let (content, digest) = bytes.split_at_mut(DIGEST);
    digest.copy_from_slice(&sha256(content));
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use anchorhold_crypto::es256::SigningKey;

    fn public_key(scalar: u8) -> PublicKey {
        SigningKey::from_scalar(&Secret::new([scalar; 32]))
            .unwrap()
            .public_key()
    }

    fn page() -> Secret<PAGE_BYTES> {
        encode(
            KeyTier::Development,
            &Secret::new([0xa5; 32]),
            &public_key(1),
            &public_key(2),
        )
    }

    /// Puts the right digest on changed content.
    fn sealed(mut bytes: [u8; PAGE_BYTES]) -> [u8; PAGE_BYTES] {
        let digest = sha256(&bytes[..DIGEST]);
        bytes[DIGEST..].copy_from_slice(&digest);
        bytes
    }

    #[test]
    fn a_page_comes_back() {
        let bytes = page();
        let page = Page::check(bytes.expose()).unwrap();
        assert_eq!(page.tier(), KeyTier::Development);
        assert_eq!(page.huk().expose(), &[0xa5; 32]);
        assert_eq!(page.oem_key().unwrap(), public_key(1));
        assert_eq!(page.publisher_key().unwrap(), public_key(2));
        assert_eq!(&bytes.expose()[48..112], public_key(1).as_bytes());
    }

    #[test]
    fn a_bit_flip_anywhere_is_seen() {
        for at in 0..PAGE_BYTES {
            let mut bytes = *page().expose();
            bytes[at] ^= 4;
            assert!(Page::check(&bytes).is_err(), "byte {at}");
        }
    }

    #[test]
    fn unprovisioned_and_unknown_pages_are_told_apart() {
        let refusal = |bytes: &[u8; PAGE_BYTES]| Page::check(bytes).err();
        assert_eq!(
            refusal(&[0xff; PAGE_BYTES]),
            Some(PageError::NotProvisioned)
        );
        for (at, value) in [(TIER, 0), (TIER, 4), (9, 1), (200, 1)] {
            let mut bytes = *page().expose();
            bytes[at] = value;
            assert_eq!(refusal(&sealed(bytes)), Some(PageError::UnknownContent));
        }
    }

    #[test]
    fn a_key_off_the_curve_is_refused() {
        let mut bytes = *page().expose();
        bytes[OEM] ^= 1;
        let bytes = sealed(bytes);
        let page = Page::check(&bytes).unwrap();
        assert_eq!(page.oem_key(), Err(PageError::InvalidKey));
        assert!(page.publisher_key().is_ok());
    }
}
