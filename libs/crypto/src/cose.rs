//! COSE_Sign1 (RFC 9052), the one envelope of everything we sign: Evidence, model
//! manifests, device records.
//!
//! The shape is fixed: tag 18; protected header `{1: -7 (ES256), 3: content type,
//! 4: kid}`; empty unprotected header; embedded payload; no external data. A reader
//! hashes the protected header bytes that it received, and never rebuilds them.

use crate::cbor::{Malformed, Reader};
use crate::digest::Sha256;
use crate::error::Error;
use crate::es256::{PublicKey, SigningKey, KID_LEN, SIGNATURE_LEN};
use core::fmt;
use minicbor::data::Tag;
use minicbor::encode::write::{Cursor, EndOfSlice};
use minicbor::Encoder;

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
    payload: impl FnOnce(&mut [u8]) -> Result<usize, Error>,
) -> Result<usize, Error> {
    let (protected_at, protected_end, payload_head_at) =
        write_headers(out, content_type, kid).map_err(|_| Error::InvalidLength)?;

    // The payload's length is known only once it is written, and the head in front
    // of it is as short as the length allows; so write, then close the gap.
    let written_at = payload_head_at + PAYLOAD_HEAD_LEN;
    let length = payload(out.get_mut(written_at..).ok_or(Error::InvalidLength)?)?;
    let written_end = written_at.saturating_add(length);
    if written_end > out.len() || length > usize::from(u16::MAX) {
        return Err(Error::InvalidLength);
    }
    let mut head = Encoder::new(Cursor::new([0; PAYLOAD_HEAD_LEN]));
    head.bytes_len(length as u64)
        .map_err(|_| Error::InvalidLength)?;
    let head = head.into_writer();
    let payload_at = payload_head_at + head.position();
    let payload_end = payload_at + length;
    out.copy_within(written_at..written_end, payload_at);
    for (to, from) in out
        .iter_mut()
        .skip(payload_head_at)
        .zip(head.get_ref().iter().take(head.position()))
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
    let mut cbor = Encoder::new(Cursor::new(rest));
    cbor.bytes(&signature).map_err(|_| Error::InvalidLength)?;
    Ok(payload_end + cbor.writer().position())
}

type EncodeError = minicbor::encode::Error<EndOfSlice>;

/// Writes everything in front of the payload; returns where the protected header
/// begins and ends, and where the payload's head goes.
fn write_headers(
    out: &mut [u8],
    content_type: &str,
    kid: &[u8; KID_LEN],
) -> Result<(usize, usize, usize), EncodeError> {
    let mut length = Encoder::new(Length(0));
    // A counting writer cannot fail.
    let _ = write_protected(&mut length, content_type, kid);
    let length = length.into_writer().0;

    let mut cbor = Encoder::new(Cursor::new(out));
    cbor.tag(Tag::new(TAG_SIGN1))?.array(4)?;
    cbor.bytes_len(length as u64)?;
    let protected_at = cbor.writer().position();
    write_protected(&mut cbor, content_type, kid)?;
    let protected_end = cbor.writer().position();
    cbor.map(0)?;
    Ok((protected_at, protected_end, cbor.writer().position()))
}

fn write_protected<W: minicbor::encode::Write>(
    cbor: &mut Encoder<W>,
    content_type: &str,
    kid: &[u8; KID_LEN],
) -> Result<(), minicbor::encode::Error<W::Error>> {
    cbor.map(3)?.i64(label::ALG)?.i64(ALG_ES256)?;
    cbor.i64(label::CONTENT_TYPE)?.str(content_type)?;
    cbor.i64(label::KID)?.bytes(kid)?.ok()
}

/// A writer that only counts.
struct Length(usize);

impl minicbor::encode::Write for Length {
    type Error = core::convert::Infallible;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        self.0 += bytes.len();
        Ok(())
    }
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
        let mut head = Encoder::new(Cursor::new([0; 9]));
        // The longest head is nine bytes.
        let _ = head.bytes_len(string.len() as u64);
        let head = head.into_writer();
        digest.update(head.get_ref().split_at(head.position()).0);
        digest.update(string);
    }
    digest.finish()
}

#[cfg(test)]
mod tests;
