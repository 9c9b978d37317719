//! DHKEM(P-256, HKDF-SHA256), RFC 9180 sections 4.1 and 7.1.

use super::schedule::{expand, extract, KEM_SUITE};
use super::ENC_LEN;
use crate::error::Error;
use crate::es256::PublicKey;
use crate::scalar::PrivateScalar;
use crate::secret::Secret;

/// First byte of an uncompressed point (SEC 1 section 2.3.3).
const UNCOMPRESSED: u8 = 0x04;

/// `DeriveKeyPair`: the first candidate that is a scalar in `1..n`.
pub(super) fn derive_key_pair(seed: &Secret<32>) -> Result<PrivateScalar, Error> {
    let (_, expander) = extract(KEM_SUITE, &[], b"dkp_prk", seed.expose());
    (0..=u8::MAX)
        .find_map(|counter| {
            let mut candidate = Secret::zeroed();
            expand(
                &expander,
                KEM_SUITE,
                b"candidate",
                [&[counter], &[], &[]],
                candidate.expose_mut(),
            );
            PrivateScalar::from_bytes(&candidate).ok()
        })
        .ok_or(Error::InvalidKey)
}

/// `Encap` with a given ephemeral key: the encapsulated key and the shared secret.
pub(super) fn encapsulate(
    recipient: &PublicKey,
    ephemeral: &PrivateScalar,
) -> Result<([u8; ENC_LEN], Secret<32>), Error> {
    let enc = ephemeral.public_key().to_sec1();
    let dh = ephemeral.diffie_hellman(recipient)?;
    Ok((enc, extract_and_expand(&dh, &enc, recipient)))
}

/// `Decap`: the shared secret behind an encapsulated key.
pub(super) fn decapsulate(
    enc: &[u8; ENC_LEN],
    recipient: &PrivateScalar,
    recipient_public: &PublicKey,
) -> Result<Secret<32>, Error> {
    let (form, point) = enc.split_first().ok_or(Error::InvalidLength)?;
    if *form != UNCOMPRESSED {
        return Err(Error::InvalidKey);
    }
    let point = point.try_into().map_err(|_| Error::InvalidLength)?;
    let dh = recipient.diffie_hellman(&PublicKey::from_bytes(point)?)?;
    Ok(extract_and_expand(&dh, enc, recipient_public))
}

/// `ExtractAndExpand`, with both public keys as context.
fn extract_and_expand(dh: &Secret<32>, enc: &[u8; ENC_LEN], recipient: &PublicKey) -> Secret<32> {
    let (_, expander) = extract(KEM_SUITE, &[], b"eae_prk", dh.expose());
    let mut shared_secret = Secret::zeroed();
    expand(
        &expander,
        KEM_SUITE,
        b"shared_secret",
        [enc, &recipient.to_sec1(), &[]],
        shared_secret.expose_mut(),
    );
    shared_secret
}
