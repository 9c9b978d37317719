//! Why a header or footer was refused.

use core::fmt;

/// Outcome of looking at the first eight bytes of a possible TBF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitialTbfParseError {
    /// No TBF starts here: this is the end of the list of TBFs.
    UnableToParse,
    /// A TBF starts here and its header is malformed; it takes up this many
    /// bytes, after which the next one may follow.
    InvalidHeader(u32),
}

/// Why a header or footer did not parse.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TbfParseError {
    /// The bytes end before the structure does.
    NotEnoughFlash,
    /// A header version that this parser does not know.
    UnsupportedVersion(u16),
    /// The checksum in the header, and the one computed over it.
    ChecksumMismatch(u32, u32),
    /// An entry of this type has a wrong length or impossible values.
    BadTlvEntry(usize),
    /// The package name is not UTF-8.
    BadProcessName,
}

impl fmt::Debug for TbfParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEnoughFlash => f.write_str("header or footer is cut short"),
            Self::UnsupportedVersion(version) => write!(f, "TBF version {version} is unknown"),
            Self::ChecksumMismatch(stored, computed) => {
                write!(f, "checksum is {stored:#x}, should be {computed:#x}")
            }
            Self::BadTlvEntry(kind) => write!(f, "entry of type {kind} is malformed"),
            Self::BadProcessName => f.write_str("package name is not UTF-8"),
        }
    }
}
