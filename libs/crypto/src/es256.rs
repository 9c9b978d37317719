//! ES256: ECDSA over P-256 with SHA-256 (FIPS 186-5), signatures as `r || s`.

use crate::digest;
use crate::error::Error;
use crate::kdf::Purpose;
use crate::scalar::PrivateScalar;
use crate::secret::Secret;
use p256::ecdsa::Signature;
use p256::elliptic_curve::point::AffineCoordinates;
use p256::{AffinePoint, FieldBytes, NistP256};

/// Length of a signature, in bytes.
pub const SIGNATURE_LEN: usize = 64;
/// Length of a public key (`x || y`), in bytes.
pub const PUBLIC_KEY_LEN: usize = 64;
/// Length of a key identifier, in bytes.
pub const KID_LEN: usize = 8;

/// A private signing key, wiped when dropped. It cannot decrypt: see
/// [`RecipientKey`](crate::hpke::RecipientKey) for the key that can.
pub struct SigningKey(PrivateScalar);

impl SigningKey {
    /// Derives the key for `purpose` from the hardware unique key.
    ///
    /// # Errors
    /// None in practice: the reduction always gives a scalar in `1..n`.
    pub fn derive(huk: &Secret<32>, purpose: Purpose) -> Result<Self, Error> {
        PrivateScalar::derive(huk, purpose).map(SigningKey)
    }

    /// Takes a big-endian scalar over.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] when it is outside `1..n`.
    pub fn from_scalar(scalar: &Secret<32>) -> Result<Self, Error> {
        PrivateScalar::from_bytes(scalar).map(SigningKey)
    }

    /// Computes the public key: as expensive as a signature, so callers keep it.
    pub fn public_key(&self) -> PublicKey {
        self.0.public_key()
    }

    /// Signs a SHA-256 digest, deterministically (RFC 6979), with one base point multiplication.
    ///
    /// # Errors
    /// None in practice; the signature's type rules out a zero `r` or `s`.
    pub fn sign(&self, message_digest: &[u8; 32]) -> Result<[u8; SIGNATURE_LEN], Error> {
        let (signature, _) = ecdsa::hazmat::sign_prehashed_rfc6979::<NistP256, sha2::Sha256>(
            self.0.as_scalar(),
            message_digest,
            &[],
        );
        Ok(signature.to_bytes().into())
    }
}

/// A point on P-256, not the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; PUBLIC_KEY_LEN]);

impl PublicKey {
    /// Reads `x || y`, both big-endian.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] when the point is not on the curve.
    pub fn from_bytes(bytes: &[u8; PUBLIC_KEY_LEN]) -> Result<Self, Error> {
        let key = PublicKey(*bytes);
        key.point()?;
        Ok(key)
    }

    /// `x || y`, both big-endian.
    pub fn as_bytes(&self) -> &[u8; PUBLIC_KEY_LEN] {
        &self.0
    }

    /// The key's identifier: the first 8 bytes of SHA-256 over `x || y`.
    pub fn kid(&self) -> [u8; KID_LEN] {
        let mut kid = [0; KID_LEN];
        for (to, from) in kid.iter_mut().zip(digest::sha256(&self.0)) {
            *to = from;
        }
        kid
    }

    /// Checks a signature over a SHA-256 digest.
    ///
    /// # Errors
    /// [`Error::InvalidSignature`] when it does not verify.
    pub fn verify(
        &self,
        message_digest: &[u8; 32],
        signature: &[u8; SIGNATURE_LEN],
    ) -> Result<(), Error> {
        let signature = Signature::from_slice(signature).map_err(|_| Error::InvalidSignature)?;
        ecdsa::hazmat::verify_prehashed::<NistP256>(
            &self.point()?.into(),
            message_digest,
            &signature,
        )
        .map_err(|_| Error::InvalidSignature)
    }

    /// `0x04 || x || y` (SEC 1 section 2.3.3).
    pub(crate) fn to_sec1(self) -> [u8; 65] {
        let mut sec1 = [0x04; 65];
        let (_, point) = sec1.split_at_mut(1);
        point.copy_from_slice(&self.0);
        sec1
    }

    pub(crate) fn from_point(point: &AffinePoint) -> Self {
        let mut key = [0; PUBLIC_KEY_LEN];
        let (x, y) = key.split_at_mut(32);
        x.copy_from_slice(&point.x());
        y.copy_from_slice(&point.y());
        PublicKey(key)
    }

    /// The point, checked to be on the curve. The identity has no coordinates.
    pub(crate) fn point(&self) -> Result<AffinePoint, Error> {
        let [x, y] = self.coordinates();
        Option::from(AffinePoint::from_coordinates(&x, &y)).ok_or(Error::InvalidKey)
    }

    fn coordinates(&self) -> [FieldBytes; 2] {
        let mut coordinates = [FieldBytes::default(); 2];
        for (to, from) in coordinates.iter_mut().zip(self.0.chunks_exact(32)) {
            to.copy_from_slice(from);
        }
        coordinates
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256;
    use crate::testing::{hex, secret};

    // RFC 6979 appendix A.2.5.
    const SCALAR: &str = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
    const POINT: &str = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                         7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
    const SIGNATURE: &str = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                             f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";

    fn key() -> SigningKey {
        SigningKey::from_scalar(&secret(SCALAR)).ok().unwrap()
    }

    #[test]
    fn known_answer() {
        let digest = sha256(b"sample");
        let signature = key().sign(&digest).unwrap();
        assert_eq!(signature, hex(SIGNATURE));
        let public = PublicKey::from_bytes(&hex(POINT)).unwrap();
        assert_eq!(key().public_key(), public);
        assert_eq!(public.verify(&digest, &signature), Ok(()));
    }

    #[test]
    fn any_changed_byte_fails() {
        let digest = sha256(b"sample");
        let public = key().public_key();
        let signature: [u8; SIGNATURE_LEN] = hex(SIGNATURE);
        for at in (0..SIGNATURE_LEN).step_by(7) {
            let mut wrong = signature;
            wrong[at] ^= 1;
            assert_eq!(public.verify(&digest, &wrong), Err(Error::InvalidSignature));
        }
        assert_eq!(
            public.verify(&sha256(b"simple"), &signature),
            Err(Error::InvalidSignature)
        );
        let other = SigningKey::from_scalar(&Secret::new([1; 32])).ok().unwrap();
        assert_eq!(
            other.public_key().verify(&digest, &signature),
            Err(Error::InvalidSignature)
        );
    }

    /// The classic forgery: a verifier that skips the range check accepts zeros.
    #[test]
    fn zero_and_oversized_signatures_fail() {
        let digest = sha256(b"sample");
        for signature in [[0; SIGNATURE_LEN], [0xff; SIGNATURE_LEN]] {
            assert_eq!(
                key().public_key().verify(&digest, &signature),
                Err(Error::InvalidSignature)
            );
        }
    }

    #[test]
    fn points_off_the_curve_are_refused() {
        let mut off: [u8; PUBLIC_KEY_LEN] = hex(POINT);
        off[63] ^= 1;
        for point in [off, [0; PUBLIC_KEY_LEN], [0xff; PUBLIC_KEY_LEN]] {
            assert_eq!(PublicKey::from_bytes(&point), Err(Error::InvalidKey));
        }
    }

    #[test]
    fn the_kid_is_the_start_of_the_digest() {
        let public = key().public_key();
        assert_eq!(public.kid(), sha256(public.as_bytes())[..KID_LEN]);
    }
}
