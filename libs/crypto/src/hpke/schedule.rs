//! The labeled key derivation of RFC 9180 section 4, and the key schedule of section 5.1.

use crate::aead::{KEY_LEN, NONCE_LEN};
use crate::secret::Secret;
use hkdf::{Hkdf, HkdfExtract};
use zeroize::Zeroize;

/// Prefix of every label.
const VERSION: &[u8] = b"HPKE-v1";
/// `"KEM"` and the number of DHKEM(P-256, HKDF-SHA256).
pub(super) const KEM_SUITE: &[u8] = b"KEM\x00\x10";
/// `"HPKE"` and the numbers of the KEM, HKDF-SHA256 and ChaCha20-Poly1305.
const HPKE_SUITE: &[u8] = b"HPKE\x00\x10\x00\x01\x00\x03";
/// Base mode: no pre-shared key, no sender authentication.
const MODE_BASE: u8 = 0;

type Expander = Hkdf<sha2::Sha256>;

/// What the one message of a single-shot context is encrypted with.
pub(super) struct MessageKey {
    pub key: Secret<KEY_LEN>,
    pub nonce: [u8; NONCE_LEN],
}

/// `KeySchedule` in base mode, for the message with sequence number 0, whose nonce is
/// the base nonce itself.
pub(super) fn message_key(shared_secret: &Secret<32>, info: &[u8]) -> MessageKey {
    let psk_id_hash = extract(HPKE_SUITE, &[], b"psk_id_hash", &[]).0;
    let info_hash = extract(HPKE_SUITE, &[], b"info_hash", info).0;
    let context = [
        &[MODE_BASE],
        psk_id_hash.expose().as_slice(),
        info_hash.expose(),
    ];
    let (_, secret) = extract(HPKE_SUITE, shared_secret.expose(), b"secret", &[]);
    let mut message = MessageKey {
        key: Secret::zeroed(),
        nonce: [0; NONCE_LEN],
    };
    expand(
        &secret,
        HPKE_SUITE,
        b"key",
        context,
        message.key.expose_mut(),
    );
    expand(
        &secret,
        HPKE_SUITE,
        b"base_nonce",
        context,
        &mut message.nonce,
    );
    message
}

/// `LabeledExtract`: the pseudorandom key, and what expands it.
pub(super) fn extract(
    suite: &[u8],
    salt: &[u8],
    label: &[u8],
    input: &[u8],
) -> (Secret<32>, Expander) {
    let mut extract = HkdfExtract::<sha2::Sha256>::new(Some(salt));
    for part in [VERSION, suite, label, input] {
        extract.input_ikm(part);
    }
    let (mut output, expander) = extract.finalize();
    let secret = Secret::new(output.into());
    output.zeroize();
    (secret, expander)
}

/// `LabeledExpand`, with `info` given in three parts. `N` is at most 32.
pub(super) fn expand<const N: usize>(
    expander: &Expander,
    suite: &[u8],
    label: &[u8],
    [first, second, third]: [&[u8]; 3],
    out: &mut [u8; N],
) {
    const { assert!(N <= 32) };
    let length = [0, N as u8];
    let info = [&length, VERSION, suite, label, first, second, third];
    let expanded = expander.expand_multi_info(&info, out);
    debug_assert!(expanded.is_ok());
}
