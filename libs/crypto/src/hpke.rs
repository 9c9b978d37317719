//! HPKE (RFC 9180), base mode, single shot, one suite, for one job: wrapping a content key.
//!
//! DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.

use crate::error::Error;
use crate::es256::PublicKey;
use crate::kdf::Purpose;
use crate::scalar::PrivateScalar;
use crate::secret::Secret;
use core::convert::Infallible;
use hpke::aead::{AeadTag, ChaCha20Poly1305};
use hpke::inout::InOutBuf;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};

/// Length of an encapsulated key: an uncompressed P-256 point, in bytes.
pub const ENC_LEN: usize = 65;
/// Length of a wrapped 32-byte key with its tag, in bytes.
pub const WRAPPED_LEN: usize = 48;

type Suite = DhP256HkdfSha256;
type Tag = AeadTag<ChaCha20Poly1305>;

/// The private key that content keys are wrapped to. It cannot sign.
pub struct RecipientKey(PrivateScalar);

impl RecipientKey {
    /// Derives the device's unseal key from its hardware unique key.
    ///
    /// # Errors
    /// None in practice: the reduction always gives a scalar in `1..n`.
    pub fn derive(huk: &Secret<32>) -> Result<Self, Error> {
        PrivateScalar::derive(huk, Purpose::UnsealKey).map(RecipientKey)
    }

    /// Takes a big-endian scalar over.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] when it is outside `1..n`.
    pub fn from_scalar(scalar: &Secret<32>) -> Result<Self, Error> {
        PrivateScalar::from_bytes(scalar).map(RecipientKey)
    }

    /// Computes the public key: as expensive as a signature, so callers keep it.
    pub fn public_key(&self) -> PublicKey {
        self.0.public_key()
    }

    fn to_hpke(&self) -> Result<<Suite as Kem>::PrivateKey, Error> {
        <Suite as Kem>::PrivateKey::from_bytes(self.0.to_bytes().expose())
            .map_err(|_| Error::InvalidKey)
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
    let recipient = <Suite as Kem>::PublicKey::from_bytes(&recipient.to_sec1())
        .map_err(|_| Error::InvalidKey)?;
    let mut wrapped = [0; WRAPPED_LEN];
    let (ciphertext, wrapped_tag) = wrapped.split_at_mut(32);
    ciphertext.copy_from_slice(key.expose());
    let (enc, tag) =
        hpke::single_shot_seal_inout_detached_with_rng::<ChaCha20Poly1305, HkdfSha256, Suite>(
            &OpModeS::Base,
            &recipient,
            info,
            InOutBuf::from(ciphertext),
            aad,
            &mut Seed(ephemeral_seed),
        )
        .map_err(|_| Error::InvalidKey)?;
    wrapped_tag.copy_from_slice(&tag.to_bytes());
    Ok((enc.to_bytes().into(), wrapped))
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
    if enc.len() != ENC_LEN || wrapped.len() != WRAPPED_LEN {
        return Err(Error::InvalidLength);
    }
    let enc = <Suite as Kem>::EncappedKey::from_bytes(enc).map_err(|_| Error::InvalidKey)?;
    let (ciphertext, tag) = wrapped.split_at(32);
    let tag = Tag::from_bytes(tag).map_err(|_| Error::InvalidLength)?;
    let mut key = Secret::<32>::zeroed();
    key.expose_mut().copy_from_slice(ciphertext);
    hpke::single_shot_open_inout_detached::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeR::Base,
        &recipient.to_hpke()?,
        &enc,
        info,
        InOutBuf::from(key.expose_mut().as_mut_slice()),
        aad,
        &tag,
    )
    .map_err(|_| Error::InvalidTag)?;
    Ok(key)
}

/// Hands the caller's seed to the one place where the suite asks for randomness.
struct Seed<'a>(&'a Secret<32>);

impl TryRng for Seed<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut word = [0; 4];
        self.try_fill_bytes(&mut word)?;
        Ok(u32::from_le_bytes(word))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut word = [0; 8];
        self.try_fill_bytes(&mut word)?;
        Ok(u64::from_le_bytes(word))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for (to, from) in out.iter_mut().zip(self.0.expose().iter().cycle()) {
            *to = *from;
        }
        Ok(())
    }
}

impl TryCryptoRng for Seed<'_> {}
