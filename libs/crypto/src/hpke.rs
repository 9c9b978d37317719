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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aead;
    use crate::testing::{hex, secret};

    // RFC 9180 appendix A.5.1, the same suite in base mode.
    const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
    const IKM_E: &str = "f1f1a3bc95416871539ecb51c3a8f0cf608afb40fbbe305c0a72819d35c33f1f";
    const SK_R: &str = "a4d1c55836aa30f9b3fbb6ac98d338c877c2867dd3a77396d13f68d3ab150d3b";
    const PK_R: &str = "a697bffde9405c992883c5c439d6cc358170b51af72812333b015621dc0f40ba\
                        d9bb726f68a5c013806a790ec716ab8669f84f6b694596c2987cf35baba2a006";
    const ENC: &str = "04c07836a0206e04e31d8ae99bfd549380b072a1b1b82e563c935c095827824fc1\
                       559eac6fb9e3c70cd3193968994e7fe9781aa103f5b50e934b5b2f387e381291";
    const KEY: &str = "a8f45490a92a3b04d1dbf6cf2c3939ad8bfc9bfcb97c04bffe116730c9dfe3fc";
    const BASE_NONCE: &str = "726b4390ed2209809f58c693";
    const AAD: &[u8] = b"Count-0";

    fn info() -> [u8; 20] {
        hex(INFO)
    }

    fn recipient() -> RecipientKey {
        RecipientKey::from_scalar(&secret(SK_R)).ok().unwrap()
    }

    fn sample() -> ([u8; ENC_LEN], [u8; WRAPPED_LEN]) {
        let public = PublicKey::from_bytes(&hex(PK_R)).unwrap();
        wrap(
            &public,
            &info(),
            AAD,
            &Secret::new([0x42; 32]),
            &secret(IKM_E),
        )
        .unwrap()
    }

    fn refusal(info: &[u8], aad: &[u8], enc: &[u8], wrapped: &[u8]) -> Error {
        unwrap(&recipient(), info, aad, enc, wrapped).err().unwrap()
    }

    /// The vector's plaintext is not a 32-byte key; its encapsulated key, message key
    /// and nonce pin everything in front of the last step, which RFC 8439 pins.
    #[test]
    fn known_answer() {
        assert_eq!(*recipient().public_key().as_bytes(), hex(PK_R));
        let (enc, mut wrapped) = sample();
        assert_eq!(enc, hex(ENC));
        let (data, tag) = wrapped.split_at_mut(32);
        aead::open_in_place(&secret(KEY), &hex(BASE_NONCE), AAD, data, tag).unwrap();
        assert_eq!(data, [0x42; 32]);
    }

    #[test]
    fn round_trip() {
        let (enc, wrapped) = sample();
        let key = unwrap(&recipient(), &info(), AAD, &enc, &wrapped)
            .ok()
            .unwrap();
        assert_eq!(*key.expose(), [0x42; 32]);
    }

    #[test]
    fn bound_to_recipient_info_and_aad() {
        let (enc, wrapped) = sample();
        assert_eq!(refusal(b"x", AAD, &enc, &wrapped), Error::InvalidTag);
        assert_eq!(
            refusal(&info(), b"Count-1", &enc, &wrapped),
            Error::InvalidTag
        );
        let other = RecipientKey::from_scalar(&Secret::new([1; 32]))
            .ok()
            .unwrap();
        assert_eq!(
            unwrap(&other, &info(), AAD, &enc, &wrapped).err(),
            Some(Error::InvalidTag)
        );
    }

    #[test]
    fn any_changed_byte_fails() {
        let (enc, wrapped) = sample();
        for at in 0..WRAPPED_LEN {
            let mut wrong = wrapped;
            wrong[at] ^= 1;
            assert_eq!(refusal(&info(), AAD, &enc, &wrong), Error::InvalidTag);
        }
        for at in 0..ENC_LEN {
            let mut wrong = enc;
            wrong[at] ^= 1;
            assert_eq!(refusal(&info(), AAD, &wrong, &wrapped), Error::InvalidKey);
        }
    }

    #[test]
    fn lengths_are_exact() {
        let (enc, wrapped) = sample();
        assert_eq!(
            refusal(&info(), AAD, &enc[..64], &wrapped),
            Error::InvalidLength
        );
        assert_eq!(
            refusal(&info(), AAD, &enc, &wrapped[..47]),
            Error::InvalidLength
        );
    }
}
