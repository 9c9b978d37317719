//! The measurements claim (RFC 9711 section 4.2.16): what was loaded, and its digest.
//!
//! Each entry is `[60, bstr]`; 60 is the content format of CBOR, and the byte
//! string holds the CBOR array `[name, SHA-256 digest]`.

use anchorhold_crypto::cbor::{Malformed, Reader, Writer};

/// CoAP content format of `application/cbor`.
const CONTENT_FORMAT_CBOR: u16 = 60;
/// Most measurements of a token.
pub const MAX_MEASUREMENTS: usize = 16;
/// Longest name of a measurement, in bytes.
pub const MAX_NAME: usize = 32;
/// A digest and the head of its byte string, in bytes.
const DIGEST_ITEM_LEN: usize = 34;

/// One executable or configuration, and its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measurement<'a> {
    /// What was measured, such as `kernel` or a process's name; at most [`MAX_NAME`] bytes.
    pub name: &'a str,
    /// Its SHA-256.
    pub digest: [u8; 32],
}

impl Measurement<'_> {
    pub(crate) fn encode(&self, cbor: &mut Writer<'_>) {
        let name_head = if self.name.len() < 24 { 1 } else { 2 };
        let content = 1 + name_head + self.name.len() + DIGEST_ITEM_LEN;
        cbor.array(2);
        cbor.unsigned(CONTENT_FORMAT_CBOR.into());
        cbor.bytes_head(content as u64);
        cbor.array(2);
        cbor.text(self.name);
        cbor.bytes(&self.digest);
    }

    fn decode<'a>(cbor: &mut Reader<'a>) -> Result<Measurement<'a>, Malformed> {
        cbor.array_of(2)?;
        if cbor.unsigned() != Ok(CONTENT_FORMAT_CBOR) {
            return Err(cbor.refuse());
        }
        let content = cbor.bytes()?;
        let start = cbor.position() - content.len();
        let read = || {
            let mut cbor = Reader::new(content)?;
            cbor.array_of(2)?;
            Ok(Measurement {
                name: cbor.text(MAX_NAME)?,
                digest: *cbor.bytes_of()?,
            })
        };
        read().map_err(|malformed: Malformed| malformed.within(start))
    }
}

/// The measurements of a parsed token, in its order. None when the token carries none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measurements<'a> {
    entries: [Option<Measurement<'a>>; MAX_MEASUREMENTS],
}

impl<'a> Measurements<'a> {
    pub(crate) const NONE: Measurements<'static> = Measurements {
        entries: [None; MAX_MEASUREMENTS],
    };

    /// Reads the claim's value.
    pub(crate) fn decode(cbor: &mut Reader<'a>) -> Result<Self, Malformed> {
        let mut measurements = Measurements::NONE;
        let count = cbor.array()?;
        if count == 0 || count > MAX_MEASUREMENTS as u64 {
            return Err(cbor.refuse());
        }
        for (entry, _) in measurements.entries.iter_mut().zip(0..count) {
            *entry = Some(Measurement::decode(cbor)?);
        }
        Ok(measurements)
    }

    /// The measurements, in the token's order.
    pub fn iter(&self) -> impl Iterator<Item = &Measurement<'a>> {
        self.entries.iter().flatten()
    }
}
