//! ChaCha20-Poly1305 (RFC 8439), split so that a whole message is authenticated
//! before its first block is decrypted, and only one block of plaintext exists at a time.

use crate::constant_time;
use crate::error::Error;
use crate::secret::Secret;
use anchorhold_aead::{tag, Block, Keystream, BLOCK_LEN};
use zeroize::Zeroize;

pub use anchorhold_aead::{KEY_LEN, NONCE_LEN, TAG_LEN};

/// Checks the tag over `aad` and `ciphertext`, in constant time, and decrypts nothing.
///
/// # Errors
/// [`Error::InvalidTag`] when it does not match; a tag that is not [`TAG_LEN`] bytes never does.
pub fn check_tag(
    key: &Secret<KEY_LEN>,
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    ciphertext: &[u8],
    claimed: &[u8],
) -> Result<(), Error> {
    let mut expected = tag(key.expose(), nonce, aad, ciphertext);
    let matches = constant_time::equal(&expected, claimed);
    // The right tag of a forged ciphertext is itself a forgery.
    expected.zeroize();
    if matches {
        Ok(())
    } else {
        Err(Error::InvalidTag)
    }
}

/// Decrypts `ciphertext` block by block: `sink` gets the offset of each block and at
/// most 64 bytes of plaintext, which are wiped after the last call.
///
/// Only to be called after [`check_tag`] has accepted the same `ciphertext`.
pub fn decrypt_blocks(
    key: &Secret<KEY_LEN>,
    nonce: &[u8; NONCE_LEN],
    ciphertext: &[u8],
    mut sink: impl FnMut(usize, &[u8]),
) {
    let mut keystream = Keystream::new(key.expose(), nonce, 1);
    let mut block = Block::zeroed();
    let mut offset = 0;
    for chunk in ciphertext.chunks(BLOCK_LEN) {
        keystream.apply(chunk, &mut block);
        let (plaintext, _) = block.bytes().split_at(chunk.len());
        sink(offset, plaintext);
        offset += chunk.len();
    }
}

/// Encrypts `data` in place and returns its tag.
pub fn seal_in_place(
    key: &Secret<KEY_LEN>,
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    data: &mut [u8],
) -> [u8; TAG_LEN] {
    apply_keystream(key, nonce, data);
    tag(key.expose(), nonce, aad, data)
}

/// Checks the tag and, only if it matches, decrypts `data` in place.
///
/// # Errors
/// [`Error::InvalidTag`]; `data` is then still the ciphertext.
pub fn open_in_place(
    key: &Secret<KEY_LEN>,
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    data: &mut [u8],
    tag: &[u8],
) -> Result<(), Error> {
    check_tag(key, nonce, aad, data, tag)?;
    apply_keystream(key, nonce, data);
    Ok(())
}

fn apply_keystream(key: &Secret<KEY_LEN>, nonce: &[u8; NONCE_LEN], data: &mut [u8]) {
    let mut keystream = Keystream::new(key.expose(), nonce, 1);
    let mut block = Block::zeroed();
    for chunk in data.chunks_mut(BLOCK_LEN) {
        keystream.apply(chunk, &mut block);
        let (text, _) = block.bytes().split_at(chunk.len());
        chunk.copy_from_slice(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{hex, secret};

    // RFC 8439 section 2.8.2.
    const KEY: &str = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
    const NONCE: &str = "070000004041424344454647";
    const AAD: &str = "50515253c0c1c2c3c4c5c6c7";
    const PLAINTEXT: &[u8; 114] = b"Ladies and Gentlemen of the class of '99: \
        If I could offer you only one tip for the future, sunscreen would be it.";
    const CIPHERTEXT: &str = "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6\
        3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36\
        92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc\
        3ff4def08e4b7a9de576d26586cec64b6116";
    const TAG: &str = "1ae10b594f09e26a7e902ecbd0600691";

    fn key() -> Secret<KEY_LEN> {
        secret(KEY)
    }

    fn aad() -> [u8; 12] {
        hex(AAD)
    }

    fn check(aad: &[u8], ciphertext: &[u8], tag: &[u8]) -> Result<(), Error> {
        check_tag(&key(), &hex(NONCE), aad, ciphertext, tag)
    }

    #[test]
    fn known_answer() {
        let mut data = *PLAINTEXT;
        let tag = seal_in_place(&key(), &hex(NONCE), &aad(), &mut data);
        assert_eq!(data, hex(CIPHERTEXT));
        assert_eq!(tag, hex(TAG));
        assert_eq!(
            open_in_place(&key(), &hex(NONCE), &aad(), &mut data, &tag),
            Ok(())
        );
        assert_eq!(data, *PLAINTEXT);
    }

    #[test]
    fn blocks_arrive_in_order_and_complete() {
        let ciphertext: [u8; 114] = hex(CIPHERTEXT);
        let mut plaintext = [0; 114];
        let mut next = 0;
        decrypt_blocks(&key(), &hex(NONCE), &ciphertext, |offset, block| {
            assert_eq!(offset, next);
            plaintext[offset..offset + block.len()].copy_from_slice(block);
            next += block.len();
        });
        assert_eq!(next, 114);
        assert_eq!(plaintext, *PLAINTEXT);
    }

    #[test]
    fn an_empty_message_has_a_tag_of_its_own() {
        let tag = seal_in_place(&key(), &hex(NONCE), &aad(), &mut []);
        assert_eq!(check(&aad(), &[], &tag), Ok(()));
        assert_eq!(check(&[], &[], &tag), Err(Error::InvalidTag));
    }

    /// The traps: reporting success without a comparison, and stopping at the first
    /// bytes. Every byte of ciphertext, tag and associated data is covered.
    #[test]
    fn any_changed_byte_fails() {
        let ciphertext: [u8; 114] = hex(CIPHERTEXT);
        let tag: [u8; TAG_LEN] = hex(TAG);
        assert_eq!(check(&aad(), &ciphertext, &tag), Ok(()));
        for at in 0..ciphertext.len() {
            let mut wrong = ciphertext;
            wrong[at] ^= 1;
            assert_eq!(check(&aad(), &wrong, &tag), Err(Error::InvalidTag));
        }
        for at in 0..TAG_LEN {
            let mut wrong = tag;
            wrong[at] ^= 0x80;
            assert_eq!(check(&aad(), &ciphertext, &wrong), Err(Error::InvalidTag));
            assert_eq!(
                check(&aad(), &ciphertext, &tag[..at]),
                Err(Error::InvalidTag)
            );
        }
        for at in 0..aad().len() {
            let mut wrong = aad();
            wrong[at] ^= 1;
            assert_eq!(check(&wrong, &ciphertext, &tag), Err(Error::InvalidTag));
        }
        // Moving a byte across the border of associated data and ciphertext.
        assert_eq!(
            check(&aad()[..11], &ciphertext, &tag),
            Err(Error::InvalidTag)
        );
    }

    #[test]
    fn a_refused_message_is_not_decrypted() {
        let mut data: [u8; 114] = hex(CIPHERTEXT);
        let result = open_in_place(&key(), &hex(NONCE), &aad(), &mut data, &[0; TAG_LEN]);
        assert_eq!(result, Err(Error::InvalidTag));
        assert_eq!(data, hex(CIPHERTEXT));
    }
}
