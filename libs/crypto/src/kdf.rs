//! Everything that is derived from the hardware unique key, by HKDF-SHA256 (RFC 5869).

use crate::secret::Secret;
use hkdf::Hkdf;

/// The salt of every derivation. A new scheme gets a new salt.
const SALT: &[u8] = b"anchorhold v1";

/// First byte of a UEID whose other bytes are random (RFC 9711 section 4.2.1).
const UEID_TYPE_RANDOM: u8 = 0x01;

/// What a derived key is for. Each purpose is its own HKDF `info`, so that the
/// keys say nothing about each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The 16 random bytes of the device's name.
    Ueid,
    /// The P-256 key that signs Evidence; 48 bytes before reduction.
    EvidenceKey,
    /// The P-256 key that model tickets are encrypted to; 48 bytes before reduction.
    UnsealKey,
    /// The key that re-wraps an accepted model's content key.
    ContentKeyWrap,
    /// The key that authenticates persistent state.
    Storage,
    /// The key of the commitment to an input window.
    InputCommitment,
}

impl Purpose {
    const fn info(self) -> &'static [u8] {
        match self {
            Purpose::Ueid => b"ueid",
            Purpose::EvidenceKey => b"evidence p256",
            Purpose::UnsealKey => b"unseal p256",
            Purpose::ContentKeyWrap => b"content-key wrap",
            Purpose::Storage => b"storage",
            Purpose::InputCommitment => b"input commitment",
        }
    }
}

/// The longest output of HKDF-SHA256, in bytes (RFC 5869 section 2.3).
const MAX_LEN: usize = 255 * 32;

/// Fills `out` with key material for `purpose`.
pub fn derive<const N: usize>(huk: &Secret<32>, purpose: Purpose, out: &mut [u8; N]) {
    const { assert!(N <= MAX_LEN) };
    expand(SALT, huk.expose(), purpose.info(), out);
}

/// The device's name: the UEID type byte and 16 bytes derived from `huk`.
pub fn ueid(huk: &Secret<32>) -> [u8; 17] {
    let mut random = [0; 16];
    derive(huk, Purpose::Ueid, &mut random);
    let mut ueid = [UEID_TYPE_RANDOM; 17];
    for (to, from) in ueid.iter_mut().skip(1).zip(random) {
        *to = from;
    }
    ueid
}

/// HKDF in one call. `out` is at most [`MAX_LEN`] bytes: the callers' lengths are
/// constants, checked when the program is compiled.
fn expand(salt: &[u8], key: &[u8], info: &[u8], out: &mut [u8]) {
    let derived = Hkdf::<sha2::Sha256>::new(Some(salt), key).expand(info, out);
    debug_assert!(derived.is_ok());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::hex;

    /// RFC 5869 appendix A.1.
    #[test]
    fn known_answer() {
        let mut out = [0; 42];
        let salt: [u8; 13] = hex("000102030405060708090a0b0c");
        let info: [u8; 10] = hex("f0f1f2f3f4f5f6f7f8f9");
        expand(&salt, &[0x0b; 22], &info, &mut out);
        assert_eq!(
            out,
            hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
        );
    }

    fn counting_huk() -> Secret<32> {
        Secret::new(core::array::from_fn(|index| index as u8))
    }

    /// Pinned: a change would give every provisioned device other keys.
    #[test]
    fn the_derivation_is_pinned() {
        let huk = counting_huk();
        assert_eq!(ueid(&huk), hex("01c725317e388ad708ea572e1e41d48c80"));
        let mut storage = [0; 32];
        derive(&huk, Purpose::Storage, &mut storage);
        assert_eq!(
            storage,
            hex("0d3bca4d5c0b9a9ca0cde1694d1bac6fd34952e515fdbb9c5bdb92db0c14f37b")
        );
    }

    #[test]
    fn purposes_are_separate() {
        const PURPOSES: [Purpose; 6] = [
            Purpose::Ueid,
            Purpose::EvidenceKey,
            Purpose::UnsealKey,
            Purpose::ContentKeyWrap,
            Purpose::Storage,
            Purpose::InputCommitment,
        ];
        let outputs = PURPOSES.map(|purpose| {
            let mut out = [0; 32];
            derive(&counting_huk(), purpose, &mut out);
            out
        });
        for (index, output) in outputs.iter().enumerate() {
            assert!(!outputs[..index].contains(output), "purpose {index}");
        }
    }
}
