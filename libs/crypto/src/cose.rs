//! COSE_Sign1 (RFC 9052), the one envelope of everything we sign: Evidence, model
//! manifests, device records.
//!
//! The shape is fixed: tag 18; protected header `{1: -7 (ES256), 3: content type,
//! 4: kid}`; empty unprotected header; embedded payload; no external data. A reader
//! hashes the protected header bytes that it received, and never rebuilds them.

use crate::cbor::{Malformed, Reader, Writer};
use crate::digest::Sha256;
use crate::error::Error;
use crate::es256::{PublicKey, SigningKey, KID_LEN, SIGNATURE_LEN};
use core::fmt;

/// CBOR tag of a COSE_Sign1.
const TAG_SIGN1: u64 = 18;
/// COSE algorithm number of ES256.
const ALG_ES256: i64 = -7;
/// Labels of the protected header's three parameters.
mod label {
    pub const ALG: i64 = 1;
    pub const CONTENT_TYPE: i64 = 3;
    pub const KID: i64 = 4;
}
/// First element of the structure that is signed (RFC 9052 section 4.4).
const CONTEXT: &[u8] = b"Signature1";
/// Bytes reserved for the head of the payload while its length is not yet known.
const PAYLOAD_HEAD_LEN: usize = 3;
/// Longest head of an item (RFC 8949 section 3).
const MAX_HEAD: usize = 9;
/// Longest protected header: ours have content types of at most 40 bytes.
const MAX_PROTECTED: usize = 64;

/// Why an envelope cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// Not a COSE_Sign1 of our shape.
    Malformed(Malformed),
    /// Signed with another algorithm than ES256.
    UnknownAlgorithm,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::Malformed(malformed) => malformed.fmt(f),
            ParseError::UnknownAlgorithm => f.write_str("not signed with ES256"),
        }
    }
}

impl core::error::Error for ParseError {}

impl From<Malformed> for ParseError {
    fn from(malformed: Malformed) -> Self {
        ParseError::Malformed(malformed)
    }
}

/// A view of a parsed envelope. Its signature has not been checked yet.
#[derive(Clone, Copy)]
pub struct Sign1<'a> {
    /// The protected header, as received.
    pub protected: &'a [u8],
    /// What the payload is, from the protected header.
    pub content_type: &'a str,
    /// Which key signed, from the protected header.
    pub kid: &'a [u8; KID_LEN],
    /// The payload, as received.
    pub payload: &'a [u8],
    /// Offset of the payload in the envelope, for error messages.
    pub payload_at: usize,
    /// `r || s`.
    pub signature: &'a [u8; SIGNATURE_LEN],
}

impl<'a> Sign1<'a> {
    /// Reads an envelope that takes up all of `bytes`.
    ///
    /// # Errors
    /// [`ParseError::Malformed`] with the offset of the first byte that has no place in
    /// our shape or in deterministic CBOR (the payload is not looked into);
    /// [`ParseError::UnknownAlgorithm`] when `alg` is not ES256.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let mut cbor = Reader::new(bytes)?;
        cbor.tag(TAG_SIGN1)?;
        cbor.array_of(4)?;
        let protected = cbor.bytes()?;
        let protected_at = cbor.position() - protected.len();
        cbor.map_of(0)?;
        let payload = cbor.bytes()?;
        let payload_at = cbor.position() - payload.len();
        let signature = cbor.bytes_of()?;
        let (content_type, kid) = protected_header(protected).map_err(|error| match error {
            ParseError::Malformed(malformed) => {
                ParseError::Malformed(malformed.within(protected_at))
            }
            other => other,
        })?;
        Ok(Sign1 {
            protected,
            content_type,
            kid,
            payload,
            payload_at,
            signature,
        })
    }

    /// SHA-256 of the structure that the signature covers.
    pub fn digest(&self) -> [u8; 32] {
        signature_digest(self.protected, self.payload)
    }

    /// Checks the signature.
    ///
    /// # Errors
    /// [`Error::InvalidSignature`] when it does not verify under `key`.
    pub fn verify(&self, key: &PublicKey) -> Result<(), Error> {
        key.verify(&self.digest(), self.signature)
    }
}

/// Writes an envelope to the start of `out` and returns its length.
///
/// `payload` writes the payload's bytes to the start of the buffer it is given and
/// returns how many there are. `kid` is the identifier of `key`'s public key, which
/// callers keep because computing it takes as long as a signature.
///
/// # Errors
/// [`Error::InvalidLength`] when `out` is too small or the payload longer than 65,535
/// bytes, and whatever `payload` returns.
pub fn sign(
    out: &mut [u8],
    content_type: &str,
    kid: &[u8; KID_LEN],
    key: &SigningKey,
    payload: &mut dyn FnMut(&mut [u8]) -> Result<usize, Error>,
) -> Result<usize, Error> {
    let (protected_at, protected_end, payload_head_at) =
        write_headers(out, content_type, kid).ok_or(Error::InvalidLength)?;

    // The payload's length is known only once it is written, and the head in front
    // of it is as short as the length allows; so write, then close the gap.
    let written_at = payload_head_at + PAYLOAD_HEAD_LEN;
    let length = payload(out.get_mut(written_at..).ok_or(Error::InvalidLength)?)?;
    let written_end = written_at.saturating_add(length);
    if written_end > out.len() || length > usize::from(u16::MAX) {
        return Err(Error::InvalidLength);
    }
    let (head, head_length) = bytes_head(length);
    let payload_at = payload_head_at + head_length;
    let payload_end = payload_at + length;
    out.copy_within(written_at..written_end, payload_at);
    for (to, from) in out
        .iter_mut()
        .skip(payload_head_at)
        .zip(head.iter().take(head_length))
    {
        *to = *from;
    }

    let digest = signature_digest(
        out.get(protected_at..protected_end)
            .ok_or(Error::InvalidLength)?,
        out.get(payload_at..payload_end)
            .ok_or(Error::InvalidLength)?,
    );
    let signature = key.sign(&digest)?;
    let rest = out.get_mut(payload_end..).ok_or(Error::InvalidLength)?;
    let mut cbor = Writer::new(rest);
    cbor.bytes(&signature);
    let length = cbor.finish().ok_or(Error::InvalidLength)?;
    Ok(payload_end + length)
}

/// The head of a byte string of `length` bytes, and how long the head is.
fn bytes_head(length: usize) -> ([u8; MAX_HEAD], usize) {
    let mut head = [0; MAX_HEAD];
    let mut cbor = Writer::new(&mut head);
    cbor.bytes_head(length as u64);
    let length = cbor.position();
    (head, length)
}

/// Writes everything in front of the payload; returns where the protected header
/// begins and ends, and where the payload's head goes. `None` if it does not fit.
fn write_headers(
    out: &mut [u8],
    content_type: &str,
    kid: &[u8; KID_LEN],
) -> Option<(usize, usize, usize)> {
    let mut protected = [0; MAX_PROTECTED];
    let mut cbor = Writer::new(&mut protected);
    cbor.map(3);
    cbor.key(label::ALG);
    cbor.key(ALG_ES256);
    cbor.key(label::CONTENT_TYPE);
    cbor.text(content_type);
    cbor.key(label::KID);
    cbor.bytes(kid);
    let length = cbor.finish()?;
    let protected = protected.get(..length)?;

    let mut cbor = Writer::new(out);
    cbor.tag(TAG_SIGN1);
    cbor.array(4);
    cbor.bytes(protected);
    let protected_end = cbor.position();
    cbor.map(0);
    let payload_head_at = cbor.finish()?;
    let protected_at = protected_end.checked_sub(protected.len())?;
    Some((protected_at, protected_end, payload_head_at))
}

/// Reads content type and kid from the protected header.
fn protected_header(bytes: &[u8]) -> Result<(&str, &[u8; KID_LEN]), ParseError> {
    let mut cbor = Reader::new(bytes)?;
    cbor.map_of(3)?;
    cbor.key(label::ALG)?;
    if cbor.signed() != Ok(ALG_ES256) {
        return Err(ParseError::UnknownAlgorithm);
    }
    cbor.key(label::CONTENT_TYPE)?;
    let content_type = cbor.text(usize::MAX)?;
    cbor.key(label::KID)?;
    Ok((content_type, cbor.bytes_of()?))
}

/// SHA-256 of `["Signature1", protected, h'', payload]` without building it.
fn signature_digest(protected: &[u8], payload: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    // An array of four, and a text string of ten bytes.
    digest.update(&[0x84, 0x6a]);
    digest.update(CONTEXT);
    for string in [protected, &[], payload] {
        let (head, head_length) = bytes_head(string.len());
        digest.update(head.get(..head_length).unwrap_or(&[]));
        digest.update(string);
    }
    digest.finish()
}

#[cfg(test)]
mod tests;
