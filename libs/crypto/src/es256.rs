//! ES256: ECDSA over P-256 with SHA-256 (FIPS 186-5), signatures as `r || s`.

use crate::digest;
use crate::error::Error;
use crate::kdf::Purpose;
use crate::scalar::PrivateScalar;
use crate::secret::Secret;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::{NistP256, Sec1Point};

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
        key.verifying_key()?;
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
        self.verifying_key()?
            .verify_prehash(message_digest, &signature)
            .map_err(|_| Error::InvalidSignature)
    }

    /// `0x04 || x || y` (SEC 1 section 2.3.3).
    pub(crate) fn to_sec1(self) -> [u8; 65] {
        let mut sec1 = [0x04; 65];
        let (_, point) = sec1.split_at_mut(1);
        point.copy_from_slice(&self.0);
        sec1
    }

    pub(crate) fn from_point(point: &Sec1Point) -> Self {
        let mut key = [0; PUBLIC_KEY_LEN];
        for (to, from) in key.iter_mut().zip(point.as_bytes().iter().skip(1)) {
            *to = *from;
        }
        PublicKey(key)
    }

    fn verifying_key(&self) -> Result<VerifyingKey, Error> {
        VerifyingKey::from_sec1_bytes(&self.to_sec1()).map_err(|_| Error::InvalidKey)
    }
}
