//! The authenticator: the tag of a message.

use crate::keystream::{Block, Keystream};
use crate::{KEY_LEN, NONCE_LEN, TAG_LEN};
use poly1305::universal_hash::{KeyInit, UniversalHash};
use poly1305::Poly1305;

/// The tag over `aad` and `ciphertext` (RFC 8439 section 2.8). The right tag of a forged
/// ciphertext is itself a forgery: the caller's to wipe, if it compares.
#[inline(never)]
pub fn tag(
    key: &[u8; KEY_LEN],
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    ciphertext: &[u8],
) -> [u8; TAG_LEN] {
    let mut block = Block::zeroed();
    Keystream::new(key, nonce, 0).apply(&[], &mut block);
    // The front of block 0 is the one-time key (RFC 8439 section 2.6). A block is longer,
    // so that there is always a front.
    let one_time_key = block.bytes().first_chunk::<KEY_LEN>();
    let mut mac = Poly1305::new(one_time_key.unwrap_or(&[0; KEY_LEN]).into());
    mac.update_padded(aad);
    mac.update_padded(ciphertext);
    let mut lengths = [0; 16];
    let (aad_len, ciphertext_len) = lengths.split_at_mut(8);
    aad_len.copy_from_slice(&(aad.len() as u64).to_le_bytes());
    ciphertext_len.copy_from_slice(&(ciphertext.len() as u64).to_le_bytes());
    mac.update(&[lengths.into()]);
    mac.finalize().into()
}
