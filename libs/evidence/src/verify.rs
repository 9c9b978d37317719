//! Whether a token is the answer that a relying party asked for.

use crate::batch::BatchedAnswer;
use crate::claims::Claims;
use crate::measurement::Measurements;
use crate::token::Token;
use anchorhold_crypto::cbor::Malformed;
use anchorhold_crypto::constant_time;
use anchorhold_crypto::cose::{ParseError, Sign1};
use anchorhold_provisioning::{DeviceRecord, KeyTier};
use core::fmt;

/// What the relying party knows before it looks at a token.
#[derive(Clone, Copy)]
pub struct Expectation<'a> {
    /// The nonce it sent.
    pub nonce: &'a [u8],
    /// The device it asked, as its OEM signed it.
    pub device: &'a DeviceRecord<'a>,
    /// Whether keys that anyone may know are good enough.
    pub allow_development_keys: bool,
}

/// What a verified token says.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// The claims.
    pub claims: Claims<'a>,
    /// The measurements beside them; none in an answer.
    pub measurements: Measurements<'a>,
}

/// Why a token is not believed. The text is one line: what, where, and the fix if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// The bytes are not a token; `at` is the offset of the first one that does not fit.
    Malformed {
        /// Offset in bytes from the start of the token.
        at: usize,
    },
    /// Signed, but as something else than Evidence.
    NotEvidence,
    /// Signed with another algorithm than ES256.
    UnknownAlgorithm,
    /// Signed with another key than the device's, or under another device's name.
    WrongDevice,
    /// The signature does not verify.
    BadSignature,
    /// Its claims are not among those that the device signed together.
    NotInBatch,
    /// Answers another challenge.
    WrongNonce,
    /// The token and the device record name different key tiers.
    WrongKeyTier,
    /// The device's keys are development keys, and those were not allowed.
    DevelopmentKey,
}

/// Checks Evidence in either form, a token or an answer of a batch, and hands out what
/// it says.
///
/// # Errors
/// As [`Token::parse`] and [`Token::verify`], [`BatchedAnswer::parse`] and
/// [`BatchedAnswer::verify`].
pub fn verify<'a>(
    bytes: &'a [u8],
    expected: &Expectation<'_>,
) -> Result<Evidence<'a>, VerifyError> {
    if BatchedAnswer::is_one(bytes) {
        BatchedAnswer::parse(bytes)?.verify(expected)
    } else {
        Token::parse(bytes)?.verify(expected)
    }
}

impl Expectation<'_> {
    /// Whether the device signed the envelope.
    pub(crate) fn check_signature(&self, envelope: &Sign1<'_>) -> Result<(), VerifyError> {
        let key = &self.device.evidence_key;
        if *envelope.kid != key.kid() {
            return Err(VerifyError::WrongDevice);
        }
        envelope.verify(key).map_err(|_| VerifyError::BadSignature)
    }

    /// Whether signed claims are about this device, this nonce, and good enough keys.
    pub(crate) fn check_claims(&self, claims: &Claims<'_>) -> Result<(), VerifyError> {
        if claims.ueid != self.device.ueid {
            return Err(VerifyError::WrongDevice);
        }
        if !constant_time::equal(claims.nonce, self.nonce) {
            return Err(VerifyError::WrongNonce);
        }
        if claims.key_tier != self.device.tier {
            return Err(VerifyError::WrongKeyTier);
        }
        if claims.key_tier == KeyTier::Development && !self.allow_development_keys {
            return Err(VerifyError::DevelopmentKey);
        }
        Ok(())
    }
}

impl<'a> Token<'a> {
    /// Checks the token against what is expected of it, and hands out what it says.
    ///
    /// # Errors
    /// The first of: [`VerifyError::WrongDevice`] (by kid), [`VerifyError::BadSignature`],
    /// [`VerifyError::WrongDevice`] (by UEID), [`VerifyError::WrongNonce`],
    /// [`VerifyError::WrongKeyTier`], [`VerifyError::DevelopmentKey`].
    pub fn verify(&self, expected: &Expectation<'_>) -> Result<Evidence<'a>, VerifyError> {
        let claims = self.unverified_claims();
        expected.check_signature(&self.envelope)?;
        expected.check_claims(claims)?;
        Ok(Evidence {
            claims: *claims,
            measurements: *self.unverified_measurements(),
        })
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            VerifyError::Malformed { at } => {
                return write!(
                    f,
                    "the token is malformed at byte {at}: it was cut, changed, or is of another format version"
                )
            }
            VerifyError::NotEvidence => {
                "this is a signed document, but not Evidence: check that the right file was given"
            }
            VerifyError::UnknownAlgorithm => "the token is not signed with ES256",
            VerifyError::WrongDevice => {
                "the token is from another device: give the record of the device that answered"
            }
            VerifyError::BadSignature => {
                "the signature does not verify: the token was changed, or the device record is out of date"
            }
            VerifyError::NotInBatch => {
                "the claims are not among those that the device signed together: claims, path or signed root were changed, or belong to different batches"
            }
            VerifyError::WrongNonce => {
                "the token answers another challenge: give the nonce that was sent, or ask again"
            }
            VerifyError::WrongKeyTier => {
                "token and device record name different key tiers: get the current device record from the OEM"
            }
            VerifyError::DevelopmentKey => {
                "the device has development keys, which anyone may know: allow them only for tests"
            }
        };
        f.write_str(text)
    }
}

impl core::error::Error for VerifyError {}

impl From<ParseError> for VerifyError {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::Malformed(malformed) => malformed.into(),
            ParseError::UnknownAlgorithm => VerifyError::UnknownAlgorithm,
        }
    }
}

impl From<Malformed> for VerifyError {
    fn from(malformed: Malformed) -> Self {
        VerifyError::Malformed { at: malformed.at }
    }
}
