//! ChaCha20-Poly1305 (RFC 8439) over the RustCrypto primitives: the two loops that run
//! for every byte of a sealed model.
//!
//! A crate apart from the rest of the cryptography, because nearly all of that is
//! compiled for size, and these loops, for speed. Use them through
//! `anchorhold_crypto::aead`, which keeps keys in types that wipe themselves.
#![no_std]
#![forbid(unsafe_code)]

mod authenticator;
mod keystream;

pub use authenticator::tag;
pub use keystream::{Block, Keystream};

/// Length of a key, in bytes.
pub const KEY_LEN: usize = 32;
/// Length of a nonce, in bytes.
pub const NONCE_LEN: usize = 12;
/// Length of an authentication tag, in bytes.
pub const TAG_LEN: usize = 16;
/// Length of one block of keystream, in bytes.
pub const BLOCK_LEN: usize = 64;
