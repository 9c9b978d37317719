//! The cipher: keystream, and what it makes of a message.

use crate::{BLOCK_LEN, KEY_LEN, NONCE_LEN};
use bytemuck::{cast_mut, cast_ref, try_cast_slice};
use chacha20::cipher::{StreamCipherCore, StreamCipherSeekCore};
use chacha20::variants::Ietf;
use chacha20::{ChaChaCore, KeyIvInit, R20};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A block as words, which are combined and wiped in a quarter of the instructions.
type Words = [u32; BLOCK_LEN / 4];

/// A block of keystream or of a message, which wipes itself.
pub struct Block(Words);

impl Block {
    /// A block of zeros.
    pub const fn zeroed() -> Self {
        Block([0; BLOCK_LEN / 4])
    }

    /// Lends the bytes.
    pub fn bytes(&self) -> &[u8; BLOCK_LEN] {
        cast_ref(&self.0)
    }

    fn bytes_mut(&mut self) -> &mut [u8; BLOCK_LEN] {
        cast_mut(&mut self.0)
    }

    /// Combines the front with `bytes`, or all of it with the front of `bytes`.
    #[inline(always)]
    fn exclusive_or(&mut self, bytes: &[u8]) {
        // A whole block that lies at a word, as those of sealed models do.
        if let Ok([others]) = try_cast_slice::<u8, Words>(bytes) {
            for (word, other) in self.0.iter_mut().zip(others) {
                *word ^= other;
            }
            return;
        }
        for (byte, other) in self.bytes_mut().iter_mut().zip(bytes) {
            *byte ^= other;
        }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        self.0.zeroize();
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
        self.0.write_keystream_block(block.bytes_mut().into());
        block.exclusive_or(text);
    }
}
