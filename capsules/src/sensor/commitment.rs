//! The commitment to a window: proof, to whoever has the samples and the device,
//! that they are the ones; no help to guess them.

use crate::keys::Keys;
use crate::shield;
use anchorhold_crypto::kdf::Purpose;
use anchorhold_crypto::mac::HmacSha256;
use anchorhold_evidence::Counter;
use kernel::ErrorCode;

/// HMAC-SHA256 under the device's `input commitment` key, over the counter (boot
/// u32, sequence u64, little-endian) and the SHA-256 of the window as it was handed
/// over. Samples have little entropy: a plain digest would confirm a guess.
///
/// # Errors
/// Those of [`Keys::start`], when the provisioned page can no longer be read.
pub(crate) fn commitment(
    keys: &Keys,
    counter: Counter,
    window: &[u8; 32],
) -> Result<[u8; 32], ErrorCode> {
    shield::symmetric(|shield| {
        let key = keys.symmetric(shield, Purpose::InputCommitment)?;
        let mut mac = HmacSha256::new(key.expose());
        mac.update(&counter.boot.to_le_bytes());
        mac.update(&counter.sequence.to_le_bytes());
        mac.update(window);
        Ok(mac.finish())
    })
}
