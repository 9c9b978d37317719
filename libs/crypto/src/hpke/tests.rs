//! Tests against the RFC's vector, and against an independent implementation.

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

/// The `hpke` crate on the other side of the exchange, in both directions.
mod other_side {
    use super::*;
    use ::hpke::aead::{AeadTag, ChaCha20Poly1305};
    use ::hpke::inout::InOutBuf;
    use ::hpke::kdf::HkdfSha256;
    use ::hpke::kem::DhP256HkdfSha256 as Suite;
    use ::hpke::rand_core::{TryCryptoRng, TryRng};
    use ::hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
    use core::convert::Infallible;

    /// The same byte for ever: the seed of the other side's ephemeral key.
    struct Constant(u8);

    impl TryRng for Constant {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            Ok(u32::from_ne_bytes([self.0; 4]))
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            Ok(u64::from_ne_bytes([self.0; 8]))
        }

        fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
            out.fill(self.0);
            Ok(())
        }
    }

    impl TryCryptoRng for Constant {}

    /// Recipient, info, aad and key of round `number`.
    fn round(number: u8) -> (RecipientKey, [u8; 20], [u8; 32], Secret<32>) {
        let scalar = Secret::new([number.wrapping_mul(29) | 1; 32]);
        (
            RecipientKey::from_scalar(&scalar).ok().unwrap(),
            [number; 20],
            [number ^ 0xff; 32],
            Secret::new([number.wrapping_mul(7); 32]),
        )
    }

    #[test]
    fn what_we_wrap_opens_there() {
        for number in 0..4 {
            let (recipient, info, aad, key) = round(number);
            let seed = Secret::new([number + 100; 32]);
            let (enc, mut wrapped) =
                wrap(&recipient.public_key(), &info, &aad, &key, &seed).unwrap();
            let private =
                <Suite as Kem>::PrivateKey::from_bytes(&[number.wrapping_mul(29) | 1; 32]).unwrap();
            let (data, tag) = wrapped.split_at_mut(32);
            ::hpke::single_shot_open_inout_detached::<ChaCha20Poly1305, HkdfSha256, Suite>(
                &OpModeR::Base,
                &private,
                &<Suite as Kem>::EncappedKey::from_bytes(&enc).unwrap(),
                &info,
                InOutBuf::from(&mut *data),
                &aad,
                &AeadTag::<ChaCha20Poly1305>::from_bytes(tag).unwrap(),
            )
            .unwrap();
            assert_eq!(data, key.expose());
        }
    }

    #[test]
    fn what_is_wrapped_there_is_the_same_here() {
        for number in 0..4 {
            let (recipient, info, aad, key) = round(number);
            let public = recipient.public_key();
            let mut theirs = [0; WRAPPED_LEN];
            let (data, their_tag) = theirs.split_at_mut(32);
            data.copy_from_slice(key.expose());
            let (their_enc, tag) = ::hpke::single_shot_seal_inout_detached_with_rng::<
                ChaCha20Poly1305,
                HkdfSha256,
                Suite,
            >(
                &OpModeS::Base,
                &<Suite as Kem>::PublicKey::from_bytes(&public.to_sec1()).unwrap(),
                &info,
                InOutBuf::from(data),
                &aad,
                &mut Constant(number),
            )
            .unwrap();
            their_tag.copy_from_slice(&tag.to_bytes());

            let seed = Secret::new([number; 32]);
            let (enc, wrapped) = wrap(&public, &info, &aad, &key, &seed).unwrap();
            assert_eq!(enc[..], their_enc.to_bytes()[..]);
            assert_eq!(wrapped, theirs);
            let opened = unwrap(&recipient, &info, &aad, &enc, &theirs).ok().unwrap();
            assert_eq!(opened.expose(), key.expose());
        }
    }
}
