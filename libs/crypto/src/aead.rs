//! ChaCha20-Poly1305 (RFC 8439), split so that a whole message is authenticated
//! before its first block is decrypted, and only one block of plaintext exists at a time.

use crate::constant_time;
use crate::error::Error;
use crate::secret::Secret;
use chacha20::cipher::{StreamCipherCore, StreamCipherSeekCore};
use chacha20::variants::Ietf;
use chacha20::{ChaChaCore, KeyIvInit, R20};
use poly1305::universal_hash::{KeyInit, UniversalHash};
use poly1305::Poly1305;
use zeroize::{Zeroize, Zeroizing};

/// Length of a key, in bytes.
pub const KEY_LEN: usize = 32;
/// Length of a nonce, in bytes.
pub const NONCE_LEN: usize = 12;
/// Length of an authentication tag, in bytes.
pub const TAG_LEN: usize = 16;

/// Bytes of one ChaCha20 block.
const BLOCK_LEN: usize = 64;

type Cipher = ChaChaCore<R20, Ietf>;

/// Checks the tag over `aad` and `ciphertext`, in constant time, and decrypts nothing.
///
/// # Errors
/// [`Error::InvalidTag`] when it does not match; a tag that is not [`TAG_LEN`] bytes never does.
pub fn check_tag(
    key: &Secret<KEY_LEN>,
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    ciphertext: &[u8],
    tag: &[u8],
) -> Result<(), Error> {
    let mut expected = compute_tag(key, nonce, aad, ciphertext);
    let matches = constant_time::equal(&expected, tag);
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
    let mut cipher = message_cipher(key, nonce);
    let mut block = Zeroizing::new([0; BLOCK_LEN]);
    let mut offset = 0;
    for chunk in ciphertext.chunks(BLOCK_LEN) {
        cipher.write_keystream_block((&mut *block).into());
        for (plain, cipher) in block.iter_mut().zip(chunk) {
            *plain ^= cipher;
        }
        let (plaintext, _) = block.split_at(chunk.len());
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
    compute_tag(key, nonce, aad, data)
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

/// The cipher positioned at block 1, where the message's keystream begins (RFC 8439 section 2.8).
fn message_cipher(key: &Secret<KEY_LEN>, nonce: &[u8; NONCE_LEN]) -> Cipher {
    let mut cipher = Cipher::new(key.expose().into(), nonce.into());
    StreamCipherSeekCore::set_block_pos(&mut cipher, 1);
    cipher
}

fn apply_keystream(key: &Secret<KEY_LEN>, nonce: &[u8; NONCE_LEN], data: &mut [u8]) {
    let mut cipher = message_cipher(key, nonce);
    let mut keystream = Zeroizing::new([0; BLOCK_LEN]);
    for chunk in data.chunks_mut(BLOCK_LEN) {
        cipher.write_keystream_block((&mut *keystream).into());
        for (byte, mask) in chunk.iter_mut().zip(keystream.iter()) {
            *byte ^= mask;
        }
    }
}

fn compute_tag(
    key: &Secret<KEY_LEN>,
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    ciphertext: &[u8],
) -> [u8; TAG_LEN] {
    // Block 0 of the keystream is the one-time authenticator key (RFC 8439 section 2.6).
    let mut block = Zeroizing::new([0; BLOCK_LEN]);
    Cipher::new(key.expose().into(), nonce.into()).write_keystream_block((&mut *block).into());
    let mut one_time_key = Secret::<KEY_LEN>::zeroed();
    for (to, from) in one_time_key.expose_mut().iter_mut().zip(block.iter()) {
        *to = *from;
    }
    let mut mac = Poly1305::new(one_time_key.expose().into());
    mac.update_padded(aad);
    mac.update_padded(ciphertext);
    let mut lengths = [0; 16];
    let (aad_len, ciphertext_len) = lengths.split_at_mut(8);
    aad_len.copy_from_slice(&(aad.len() as u64).to_le_bytes());
    ciphertext_len.copy_from_slice(&(ciphertext.len() as u64).to_le_bytes());
    mac.update(&[lengths.into()]);
    mac.finalize().into()
}
