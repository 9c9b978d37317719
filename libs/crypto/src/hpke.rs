//! HPKE (RFC 9180), base mode, single shot, one suite, for one job: wrapping a content key.
//!
//! DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, put together from the
//! same primitives as the rest of the suite. The `hpke` crate does the same and is what
//! the tests compare with; on a device its other curves' generality costs 13 KB of
//! flash and a second scalar multiplication.

mod kem;
mod schedule;

use crate::aead;
use crate::error::Error;
use crate::es256::PublicKey;
use crate::kdf::Purpose;
use crate::scalar::PrivateScalar;
use crate::secret::Secret;

/// Length of an encapsulated key: an uncompressed P-256 point, in bytes.
pub const ENC_LEN: usize = 65;
/// Length of a wrapped 32-byte key with its tag, in bytes.
pub const WRAPPED_LEN: usize = 32 + aead::TAG_LEN;

/// The private key that content keys are wrapped to. It cannot sign.
pub struct RecipientKey {
    scalar: PrivateScalar,
    public: PublicKey,
}

impl RecipientKey {
    /// Derives the device's unseal key from its hardware unique key. As expensive as a
    /// signature, because the public key is computed too.
    ///
    /// # Errors
    /// None in practice: the reduction always gives a scalar in `1..n`.
    pub fn derive(huk: &Secret<32>) -> Result<Self, Error> {
        PrivateScalar::derive(huk, Purpose::UnsealKey).map(Self::new)
    }

    /// Takes a big-endian scalar over. As expensive as a signature.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] when it is outside `1..n`.
    pub fn from_scalar(scalar: &Secret<32>) -> Result<Self, Error> {
        PrivateScalar::from_bytes(scalar).map(Self::new)
    }

    /// The public key.
    pub fn public_key(&self) -> PublicKey {
        self.public
    }

    fn new(scalar: PrivateScalar) -> Self {
        let public = scalar.public_key();
        RecipientKey { scalar, public }
    }
}

/// Wraps `key` so that only `recipient` can unwrap it, and only with the same `info` and `aad`.
///
/// `ephemeral_seed` is the `ikmE` of RFC 9180 section 7.1.3: 32 bytes from a random
/// generator, used for one call only. Returns the encapsulated and the wrapped key.
///
/// # Errors
/// [`Error::InvalidKey`] when `recipient` is not a point on the curve.
pub fn wrap(
    recipient: &PublicKey,
    info: &[u8],
    aad: &[u8],
    key: &Secret<32>,
    ephemeral_seed: &Secret<32>,
) -> Result<([u8; ENC_LEN], [u8; WRAPPED_LEN]), Error> {
    let ephemeral = kem::derive_key_pair(ephemeral_seed)?;
    let (enc, shared_secret) = kem::encapsulate(recipient, &ephemeral)?;
    let message = schedule::message_key(&shared_secret, info);
    let mut wrapped = [0; WRAPPED_LEN];
    let (data, tag) = wrapped.split_at_mut(32);
    data.copy_from_slice(key.expose());
    tag.copy_from_slice(&aead::seal_in_place(
        &message.key,
        &message.nonce,
        aad,
        data,
    ));
    Ok((enc, wrapped))
}

/// Recovers a key wrapped for `recipient`.
///
/// # Errors
/// [`Error::InvalidLength`] when `enc` or `wrapped` is not [`ENC_LEN`] or [`WRAPPED_LEN`]
/// bytes, [`Error::InvalidKey`] when `enc` is not a point on the curve, and
/// [`Error::InvalidTag`] when the key was wrapped for another recipient, `info` or `aad`.
pub fn unwrap(
    recipient: &RecipientKey,
    info: &[u8],
    aad: &[u8],
    enc: &[u8],
    wrapped: &[u8],
) -> Result<Secret<32>, Error> {
    let enc: &[u8; ENC_LEN] = enc.try_into().map_err(|_| Error::InvalidLength)?;
    let (data, tag) = wrapped
        .split_first_chunk::<32>()
        .filter(|(_, tag)| tag.len() == aead::TAG_LEN)
        .ok_or(Error::InvalidLength)?;
    let shared_secret = kem::decapsulate(enc, &recipient.scalar, &recipient.public)?;
    let message = schedule::message_key(&shared_secret, info);
    let mut key = Secret::new(*data);
    aead::open_in_place(&message.key, &message.nonce, aad, key.expose_mut(), tag)?;
    Ok(key)
}

#[cfg(test)]
mod tests;
