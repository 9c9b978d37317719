//! The cipher: keystream, and what it makes of a message.

use crate::{BLOCK_LEN, KEY_LEN, NONCE_LEN};
use chacha20::cipher::{StreamCipherCore, StreamCipherSeekCore};
use chacha20::variants::Ietf;
use chacha20::{ChaChaCore, KeyIvInit, R20};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A block of keystream or of a message, which wipes itself; aligned, so that it is
/// worked on by words.
#[repr(C, align(4))]
pub struct Block([u8; BLOCK_LEN]);

impl Block {
    /// A block of zeros.
    pub const fn zeroed() -> Self {
        Block([0; BLOCK_LEN])
    }

    /// Lends the bytes.
    pub fn bytes(&self) -> &[u8; BLOCK_LEN] {
        &self.0
    }

    /// Combines the front with `bytes`, or all of it with the front of `bytes`.
    #[inline(always)]
    fn exclusive_or(&mut self, bytes: &[u8]) {
        // A loop of known length is unrolled.
        if let Some(bytes) = bytes.first_chunk::<BLOCK_LEN>() {
            for (word, other) in self
                .0
                .as_chunks_mut::<4>()
                .0
                .iter_mut()
                .zip(bytes.as_chunks().0)
            {
                *word = (u32::from_ne_bytes(*word) ^ u32::from_ne_bytes(*other)).to_ne_bytes();
            }
            return;
        }
        let (words, rest) = self.0.as_chunks_mut::<4>();
        debug_assert!(rest.is_empty());
        let (others, rest) = bytes.as_chunks::<4>();
        for (word, other) in words.iter_mut().zip(others) {
            *word = (u32::from_ne_bytes(*word) ^ u32::from_ne_bytes(*other)).to_ne_bytes();
        }
        let last = words.get_mut(others.len()).into_iter().flatten();
        for (byte, other) in last.zip(rest) {
            *byte ^= other;
        }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // By words, a quarter of the writes.
        let (words, _) = self.0.as_chunks_mut::<4>();
        for word in words {
            word.zeroize();
        }
    }
}

impl ZeroizeOnDrop for Block {}

/// The keystream of one message, block by block; wipes itself.
pub struct Keystream(ChaChaCore<R20, Ietf>);

impl Keystream {
    /// The keystream from `block` on. Messages begin at block 1; block 0 makes the
    /// authenticator's key (RFC 8439 section 2.8).
    pub fn new(key: &[u8; KEY_LEN], nonce: &[u8; NONCE_LEN], block: u32) -> Self {
        let mut cipher = ChaChaCore::new(key.into(), nonce.into());
        StreamCipherSeekCore::set_block_pos(&mut cipher, block);
        Keystream(cipher)
    }

    /// Puts the next block of keystream, combined with `text`, into `block`: plaintext of
    /// ciphertext and the other way round. Of a `text` shorter than a block, the
    /// rest is plain keystream; what is longer is left out.
    #[inline(never)]
    pub fn apply(&mut self, text: &[u8], block: &mut Block) {
        self.0.write_keystream_block((&mut block.0).into());
        block.exclusive_or(text);
    }
}
