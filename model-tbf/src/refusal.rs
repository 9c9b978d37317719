//! Why a package, or a part of it, is not accepted.

use core::fmt;

/// Why a package is not accepted. The text is one line for logs and people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There are fewer bytes than the package says it has, or than its parts need.
    Truncated,
    /// The package says it is longer than its parts: bytes that nothing would check.
    Oversized,
    /// The header is not a package's header, or contradicts the signed manifest.
    InvalidHeader,
    /// A package of another format version.
    UnknownVersion,
    /// The manifest is not a COSE_Sign1 over a manifest in deterministic CBOR.
    MalformedManifest,
    /// Another key than the trusted publisher's signed the manifest.
    UntrustedPublisher,
    /// The publisher's signature does not verify.
    BadSignature,
    /// The package has no ticket for this device.
    WrongDevice,
    /// The ticket for this device does not open.
    BadTicket,
    /// A newer version was accepted before.
    OlderVersion,
    /// The tile with this index does not authenticate, or does not exist.
    TagMismatch(u32),
    /// Every tile authenticates, but together they are not the plan that was signed.
    PlanDigestMismatch,
    /// The model needs a larger arena than the board has.
    NeedsMoreRam,
    /// The model was compiled for another engine.
    EngineMismatch,
    /// Another package with the same model and version differs from this one.
    DuplicateVersion,
}

impl Refusal {
    /// The refusal's stable number, for system calls and logs; 1 to 15.
    pub fn code(&self) -> u8 {
        match self {
            Refusal::Truncated => 1,
            Refusal::Oversized => 2,
            Refusal::InvalidHeader => 3,
            Refusal::UnknownVersion => 4,
            Refusal::MalformedManifest => 5,
            Refusal::UntrustedPublisher => 6,
            Refusal::BadSignature => 7,
            Refusal::WrongDevice => 8,
            Refusal::BadTicket => 9,
            Refusal::OlderVersion => 10,
            Refusal::TagMismatch(_) => 11,
            Refusal::PlanDigestMismatch => 12,
            Refusal::NeedsMoreRam => 13,
            Refusal::EngineMismatch => 14,
            Refusal::DuplicateVersion => 15,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::Truncated => "the package is truncated",
            Refusal::Oversized => "the package is longer than its parts",
            Refusal::InvalidHeader => "the header is invalid",
            Refusal::UnknownVersion => "unknown format version",
            Refusal::MalformedManifest => "the manifest is malformed",
            Refusal::UntrustedPublisher => "signed by another publisher than the trusted one",
            Refusal::BadSignature => "the publisher's signature does not verify",
            Refusal::WrongDevice => "no ticket for this device",
            Refusal::BadTicket => "the ticket for this device does not open",
            Refusal::OlderVersion => "older than a version accepted before",
            Refusal::TagMismatch(index) => return write!(f, "tile {index} does not authenticate"),
            Refusal::PlanDigestMismatch => "the plan is not the one that was signed",
            Refusal::NeedsMoreRam => "the model needs more RAM than the board has",
            Refusal::EngineMismatch => "compiled for another engine",
            Refusal::DuplicateVersion => "differs from a package with the same version",
        })
    }
}

impl core::error::Error for Refusal {}
