//! The cryptographic suite: the one crate through which Anchorhold reaches RustCrypto.
//!
//! Nothing here is a primitive of our own. The crate fixes one choice a purpose
//! (see each module), so that a caller cannot pick parameters, and keeps secrets
//! in types that wipe themselves and cannot be copied, compared or printed.
//! No heap, the same code on the device and on a PC.
#![no_std]
#![forbid(unsafe_code)]

pub mod aead;
pub mod cbor;
pub mod constant_time;
pub mod cose;
pub mod digest;
pub mod error;
pub mod es256;
pub mod hpke;
pub mod kdf;
pub mod mac;
mod scalar;
pub mod secret;
#[cfg(test)]
mod testing;

pub use error::Error;
pub use secret::Secret;
