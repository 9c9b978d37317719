//! The device record: the OEM's signed statement of a device's name and keys.
//!
//! A COSE_Sign1 by the OEM's key over the deterministic CBOR map
//! `{1: UEID, 2: evidence key, 3: unseal key, 4: key tier, 5: board, 6: OEM key}`;
//! keys are x ‖ y. Model owners take the unseal key from it, relying parties the
//! evidence key. It holds no secret.

use crate::tier::KeyTier;
use anchorhold_crypto::cbor::{Malformed, Reader};
use anchorhold_crypto::cose::{self, Sign1};
use anchorhold_crypto::es256::{PublicKey, SigningKey};
use anchorhold_crypto::Error;
use core::fmt;
use minicbor::encode::write::{Cursor, EndOfSlice};
use minicbor::Encoder;

/// Longest board name, in bytes of UTF-8.
pub const MAX_BOARD_NAME: usize = 32;
/// Longest record, in bytes.
pub const MAX_RECORD: usize = 512;

const CONTENT_TYPE: &str = "application/anchorhold-device+cbor";

/// Keys of the record's map.
mod label {
    pub const UEID: i64 = 1;
    pub const EVIDENCE_KEY: i64 = 2;
    pub const UNSEAL_KEY: i64 = 3;
    pub const TIER: i64 = 4;
    pub const BOARD: i64 = 5;
    pub const OEM_KEY: i64 = 6;
}

/// What the OEM states about one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceRecord<'a> {
    /// The device's name: the type byte 0x01 and 16 bytes.
    pub ueid: [u8; 17],
    /// Verifies the device's evidence.
    pub evidence_key: PublicKey,
    /// Model tickets for the device are encrypted to it.
    pub unseal_key: PublicKey,
    /// How the device's keys are protected.
    pub tier: KeyTier,
    /// What the board is called; at most [`MAX_BOARD_NAME`] bytes.
    pub board: &'a str,
    /// The OEM's public key, which signed the record.
    pub oem_key: PublicKey,
}

/// Why a record is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// Not a record: the bytes are malformed, or say something else.
    Malformed,
    /// Another key than the expected OEM's signed it.
    UntrustedSigner,
    /// The signature does not verify.
    BadSignature,
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RecordError::Malformed => "not a device record",
            RecordError::UntrustedSigner => "the record is not signed by the expected OEM",
            RecordError::BadSignature => "the record's signature does not verify",
        })
    }
}

impl core::error::Error for RecordError {}

impl<'a> DeviceRecord<'a> {
    /// Signs the record with the OEM's private key, and returns its length in `out`,
    /// which [`MAX_RECORD`] bytes are enough for.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] when `oem` is not the private half of `oem_key`;
    /// [`Error::InvalidLength`] when `out` is too small, or the board's name too long.
    pub fn sign(&self, oem: &SigningKey, out: &mut [u8]) -> Result<usize, Error> {
        if self.board.len() > MAX_BOARD_NAME {
            return Err(Error::InvalidLength);
        }
        if oem.public_key() != self.oem_key {
            return Err(Error::InvalidKey);
        }
        cose::sign(
            out,
            CONTENT_TYPE,
            &self.oem_key.kid(),
            oem,
            &mut |payload| self.encode(payload).map_err(|_| Error::InvalidLength),
        )
    }

    /// Reads a record and checks that this OEM signed it.
    ///
    /// # Errors
    /// See [`RecordError`].
    pub fn verify(bytes: &'a [u8], oem: &PublicKey) -> Result<DeviceRecord<'a>, RecordError> {
        let envelope = Sign1::parse(bytes).map_err(|_| RecordError::Malformed)?;
        if envelope.content_type != CONTENT_TYPE {
            return Err(RecordError::Malformed);
        }
        if *envelope.kid != oem.kid() {
            return Err(RecordError::UntrustedSigner);
        }
        envelope
            .verify(oem)
            .map_err(|_| RecordError::BadSignature)?;
        let record = DeviceRecord::decode(envelope.payload).map_err(|_| RecordError::Malformed)?;
        if record.oem_key != *oem {
            return Err(RecordError::UntrustedSigner);
        }
        Ok(record)
    }

    fn encode(&self, out: &mut [u8]) -> Result<usize, minicbor::encode::Error<EndOfSlice>> {
        let mut cbor = Encoder::new(Cursor::new(out));
        cbor.map(6)?;
        cbor.i64(label::UEID)?.bytes(&self.ueid)?;
        cbor.i64(label::EVIDENCE_KEY)?
            .bytes(self.evidence_key.as_bytes())?;
        cbor.i64(label::UNSEAL_KEY)?
            .bytes(self.unseal_key.as_bytes())?;
        cbor.i64(label::TIER)?.u8(self.tier.code())?;
        cbor.i64(label::BOARD)?.str(self.board)?;
        cbor.i64(label::OEM_KEY)?.bytes(self.oem_key.as_bytes())?;
        Ok(cbor.writer().position())
    }

    fn decode(payload: &'a [u8]) -> Result<DeviceRecord<'a>, Malformed> {
        let mut cbor = Reader::new(payload)?;
        cbor.map_of(6)?;
        cbor.key(label::UEID)?;
        let ueid = *cbor.bytes_of()?;
        cbor.key(label::EVIDENCE_KEY)?;
        let evidence_key = public_key(&mut cbor)?;
        cbor.key(label::UNSEAL_KEY)?;
        let unseal_key = public_key(&mut cbor)?;
        cbor.key(label::TIER)?;
        let tier = KeyTier::from_code(cbor.unsigned()?).ok_or(cbor.refuse())?;
        cbor.key(label::BOARD)?;
        let board = cbor.text(MAX_BOARD_NAME)?;
        cbor.key(label::OEM_KEY)?;
        let oem_key = public_key(&mut cbor)?;
        Ok(DeviceRecord {
            ueid,
            evidence_key,
            unseal_key,
            tier,
            board,
            oem_key,
        })
    }
}

fn public_key(cbor: &mut Reader<'_>) -> Result<PublicKey, Malformed> {
    PublicKey::from_bytes(cbor.bytes_of()?).map_err(|_| cbor.refuse())
}

#[cfg(test)]
mod tests {
    use super::*;
    use anchorhold_crypto::Secret;

    fn key(scalar: u8) -> SigningKey {
        SigningKey::from_scalar(&Secret::new([scalar; 32])).unwrap()
    }

    fn record(board: &str) -> DeviceRecord<'_> {
        DeviceRecord {
            ueid: [1; 17],
            evidence_key: key(2).public_key(),
            unseal_key: key(3).public_key(),
            tier: KeyTier::Development,
            board,
            oem_key: key(1).public_key(),
        }
    }

    fn signed(record: &DeviceRecord) -> ([u8; MAX_RECORD], usize) {
        let mut out = [0; MAX_RECORD];
        let length = record.sign(&key(1), &mut out).unwrap();
        (out, length)
    }

    #[test]
    fn the_largest_record_comes_back() {
        let name = "b".repeat(MAX_BOARD_NAME);
        let (bytes, length) = signed(&record(&name));
        let found = DeviceRecord::verify(&bytes[..length], &key(1).public_key());
        assert_eq!(found, Ok(record(&name)));
    }

    #[test]
    fn any_changed_byte_is_refused() {
        let (bytes, length) = signed(&record("opentitan"));
        // The signature check is slow in a test build; every seventh byte still
        // meets the header, each field and the signature.
        for at in (0..length).step_by(7) {
            let mut changed = bytes;
            changed[at] ^= 1;
            let found = DeviceRecord::verify(&changed[..length], &key(1).public_key());
            assert!(found.is_err(), "byte {at}");
        }
        let shorter = &bytes[..length - 1];
        assert!(DeviceRecord::verify(shorter, &key(1).public_key()).is_err());
    }

    #[test]
    fn only_the_expected_oem_is_believed() {
        let (bytes, length) = signed(&record("opentitan"));
        assert_eq!(
            DeviceRecord::verify(&bytes[..length], &key(4).public_key()),
            Err(RecordError::UntrustedSigner)
        );
    }

    #[test]
    fn a_record_is_not_signed_with_another_key_or_a_long_name() {
        let mut out = [0; MAX_RECORD];
        assert_eq!(
            record("opentitan").sign(&key(4), &mut out),
            Err(Error::InvalidKey)
        );
        let name = "b".repeat(MAX_BOARD_NAME + 1);
        assert_eq!(
            record(&name).sign(&key(1), &mut out),
            Err(Error::InvalidLength)
        );
    }
}
