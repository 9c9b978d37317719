//! The token as bytes: signed on the device, parsed by a relying party.

use crate::claims::{Claims, Outcome};
use crate::labels::CONTENT_TYPE;
use crate::measurement::{Measurement, Measurements, MAX_MEASUREMENTS, MAX_NAME};
use crate::verify::VerifyError;
use crate::{decode, encode};
use anchorhold_crypto::cbor::Writer;
use anchorhold_crypto::cose::{self, Sign1};
use anchorhold_crypto::es256::{SigningKey, KID_LEN};
use anchorhold_crypto::Error;

/// Shortest nonce, in bytes (RFC 9711 section 4.1).
pub const MIN_NONCE: usize = 8;
/// Longest nonce, in bytes (RFC 9711 section 4.1).
pub const MAX_NONCE: usize = 64;
/// Longest software version, in bytes.
pub const MAX_VERSION: usize = 32;
/// A buffer of this many bytes holds every token without measurements.
pub const MAX_TOKEN: usize = 512;

/// Signs the claims and returns the token's length in `out`.
///
/// `kid` identifies the public half of `key`, which the caller keeps. Every
/// measurement adds at most 74 bytes to [`MAX_TOKEN`].
///
/// # Errors
/// [`Error::InvalidLength`] when `out` is too small, or a part of the claims is
/// outside its limits: the nonce 8 to 64 bytes, version and names up to 32, at most
/// 16 measurements, a summary exactly in an answer.
pub fn sign(
    claims: &Claims<'_>,
    measurements: &[Measurement<'_>],
    kid: &[u8; KID_LEN],
    key: &SigningKey,
    out: &mut [u8],
) -> Result<usize, Error> {
    if !within_limits(claims, measurements) {
        return Err(Error::InvalidLength);
    }
    cose::sign(out, CONTENT_TYPE, kid, key, &mut |payload| {
        let mut cbor = Writer::new(payload);
        encode::claims(&mut cbor, claims, measurements);
        cbor.finish().ok_or(Error::InvalidLength)
    })
}

/// Whether every part of the claims is what a reader accepts.
pub(crate) fn within_limits(claims: &Claims<'_>, measurements: &[Measurement<'_>]) -> bool {
    (MIN_NONCE..=MAX_NONCE).contains(&claims.nonce.len())
        && claims.version.len() <= MAX_VERSION
        && claims.outcome.as_ref().is_none_or(Outcome::is_consistent)
        && measurements.len() <= MAX_MEASUREMENTS
        && measurements
            .iter()
            .all(|entry| entry.name.len() <= MAX_NAME)
}

/// A token that was parsed, but not verified: what it says may be a lie.
#[derive(Clone, Copy)]
pub struct Token<'a> {
    pub(crate) envelope: Sign1<'a>,
    claims: Claims<'a>,
    measurements: Measurements<'a>,
}

impl<'a> Token<'a> {
    /// Reads a token that takes up all of `bytes`.
    ///
    /// # Errors
    /// [`VerifyError::Malformed`] with the offset of the first byte that does not fit
    /// the format, and [`VerifyError::UnknownAlgorithm`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, VerifyError> {
        let envelope = Sign1::parse(bytes)?;
        if envelope.content_type != CONTENT_TYPE {
            return Err(VerifyError::NotEvidence);
        }
        let (claims, measurements) = decode::claims(envelope.payload)
            .map_err(|malformed| malformed.within(envelope.payload_at))?;
        Ok(Token {
            envelope,
            claims,
            measurements,
        })
    }

    /// Which key the token says it was signed with, to look the device up by.
    pub fn kid(&self) -> &'a [u8; KID_LEN] {
        self.envelope.kid
    }

    /// What the token says; nobody vouches for it before [`verify`](Token::verify).
    pub fn unverified_claims(&self) -> &Claims<'a> {
        &self.claims
    }

    /// The measurements that the token carries; nobody vouches for them either.
    pub fn unverified_measurements(&self) -> &Measurements<'a> {
        &self.measurements
    }
}
