//! What is remembered of an accepted model, and how its content key is kept.

use anchorhold_crypto::aead::{self, TAG_LEN};
use anchorhold_crypto::{Error, Secret};
use anchorhold_policy::BudgetSnapshot;

/// One accepted model: the floor below which its versions are refused, and what
/// later boots need to open it without a public-key operation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ModelRecord {
    /// The model's UUID, the same over all its versions.
    pub uuid: [u8; 16],
    /// The newest version that was ever accepted.
    pub version_floor: u64,
    /// SHA-256 of the accepted version's signed manifest.
    pub manifest_digest: [u8; 32],
    /// The accepted version's content key, wrapped.
    pub wrapped_key: WrappedKey,
    /// What is left of the accepted version's budget.
    pub usage: BudgetSnapshot,
}

/// A content key encrypted under a key that is derived from this device's HUK.
///
/// The nonce is the start of the manifest digest, which is also the associated
/// data: a wrapped key opens only with the manifest that it was accepted with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WrappedKey {
    /// The encrypted key.
    pub ciphertext: [u8; 32],
    /// Its authentication tag.
    pub tag: [u8; TAG_LEN],
}

impl WrappedKey {
    /// Wraps a content key for the model with this manifest digest.
    pub fn wrap(
        wrap_key: &Secret<32>,
        manifest_digest: &[u8; 32],
        content_key: &Secret<32>,
    ) -> WrappedKey {
        let mut ciphertext = *content_key.expose();
        let nonce = nonce(manifest_digest);
        let tag = aead::seal_in_place(wrap_key, &nonce, manifest_digest, &mut ciphertext);
        WrappedKey { ciphertext, tag }
    }

    /// Unwraps the content key.
    ///
    /// # Errors
    /// [`Error::InvalidTag`] when this was wrapped by another device, with another
    /// manifest, or is damaged.
    pub fn unwrap(
        &self,
        wrap_key: &Secret<32>,
        manifest_digest: &[u8; 32],
    ) -> Result<Secret<32>, Error> {
        let mut key = Secret::new(self.ciphertext);
        let nonce = nonce(manifest_digest);
        aead::open_in_place(
            wrap_key,
            &nonce,
            manifest_digest,
            key.expose_mut(),
            &self.tag,
        )?;
        Ok(key)
    }
}

fn nonce(manifest_digest: &[u8; 32]) -> [u8; aead::NONCE_LEN] {
    let mut nonce = [0; aead::NONCE_LEN];
    for (to, from) in nonce.iter_mut().zip(manifest_digest) {
        *to = *from;
    }
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_with_its_device_and_manifest_only() {
        let device = Secret::new([1; 32]);
        let content = Secret::new([7; 32]);
        let wrapped = WrappedKey::wrap(&device, &[3; 32], &content);
        assert_ne!(&wrapped.ciphertext, content.expose());

        let opened = wrapped.unwrap(&device, &[3; 32]).unwrap();
        assert_eq!(opened.expose(), content.expose());
        assert!(wrapped.unwrap(&Secret::new([2; 32]), &[3; 32]).is_err());
        assert!(wrapped.unwrap(&device, &[4; 32]).is_err());
        let mut damaged = wrapped;
        damaged.ciphertext[31] ^= 1;
        assert!(damaged.unwrap(&device, &[3; 32]).is_err());
    }
}
