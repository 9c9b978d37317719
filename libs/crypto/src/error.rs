//! What can go wrong in the suite. Deliberately coarse: an attacker learns no more from it.

use core::fmt;

/// Why a cryptographic operation was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// A public key is not a point on P-256, or a private scalar is outside `1..n`.
    InvalidKey,
    /// A signature does not verify under the given key.
    InvalidSignature,
    /// An authentication tag does not match.
    InvalidTag,
    /// An input or output buffer has a length that the operation cannot take.
    InvalidLength,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::InvalidKey => "the key is not a valid P-256 key",
            Error::InvalidSignature => "the signature does not verify under this key",
            Error::InvalidTag => "the authentication tag does not match",
            Error::InvalidLength => "a buffer has the wrong length",
        })
    }
}

impl core::error::Error for Error {}
