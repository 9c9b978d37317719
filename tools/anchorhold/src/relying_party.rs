//! What a relying party knows of a device and its model, and the check of an answer.

use std::path::Path;

use anchorhold_crypto::cose::Sign1;
use anchorhold_crypto::es256::PublicKey;
use anchorhold_evidence::{Counter, Expectation};
use anchorhold_provisioning::{DeviceRecord, RecordError};
use minicbor::Decoder;

use crate::answer::Answer;
use crate::error::{Class, Error};
use crate::files;
use crate::keys;
use crate::sealed::SealedModel;

/// A device record is a few hundred bytes.
const RECORD_LIMIT: usize = 4096;

/// What answers are checked against.
pub struct RelyingParty {
    record: Vec<u8>,
    oem: PublicKey,
    oem_is_known: bool,
    allow_development_keys: bool,
    models: Vec<SealedModel>,
}

impl RelyingParty {
    /// Reads the device record at `path`, which the OEM's public key at `oem` must
    /// have signed. Without that file the key that the record names is believed.
    pub fn new(path: &Path, oem: Option<&Path>) -> Result<Self, Error> {
        let record = files::read(path, RECORD_LIMIT)?;
        let malformed = || {
            Error::input(
                path,
                "not a device record; give the record.cose of the device",
            )
        };
        let key = match oem {
            Some(oem) => keys::read_public(oem)?,
            None => named_oem(&record).ok_or_else(malformed)?,
        };
        let party = Self {
            record,
            oem: key,
            oem_is_known: oem.is_some(),
            allow_development_keys: false,
            models: Vec::new(),
        };
        match DeviceRecord::verify(&party.record, &party.oem) {
            Ok(_) => Ok(party),
            Err(RecordError::Malformed) => Err(malformed()),
            Err(error) => Err(Error::new(
                Class::Refused,
                format!(
                    "{}: {error}; ask the OEM for the record and its public key",
                    path.display()
                ),
            )),
        }
    }

    /// Accepts keys that anyone may know, which is for tests alone.
    pub fn allow_development_keys(mut self, allow: bool) -> Self {
        self.allow_development_keys = allow;
        self
    }

    /// Accepts answers of these models alone, and names their labels.
    pub fn expect_models(mut self, models: Vec<SealedModel>) -> Self {
        self.models = models;
        self
    }

    /// Whether the OEM's key came from elsewhere than the record.
    pub fn oem_is_known(&self) -> bool {
        self.oem_is_known
    }

    /// The device.
    pub fn device(&self) -> Result<DeviceRecord<'_>, Error> {
        DeviceRecord::verify(&self.record, &self.oem)
            .map_err(|error| Error::new(Class::Refused, error.to_string()))
    }

    /// Checks that `token` is the device's answer to `nonce`, by an expected model, and
    /// returns what it says, and the counter for a replay guard.
    pub fn check(&self, token: &[u8], nonce: &[u8]) -> Result<(Answer, Counter), Error> {
        let refused = |error: &dyn std::fmt::Display| Error::new(Class::Refused, error.to_string());
        let device = self.device()?;
        let expected = Expectation {
            nonce,
            device: &device,
            allow_development_keys: self.allow_development_keys,
        };
        let evidence =
            anchorhold_evidence::verify(token, &expected).map_err(|error| refused(&error))?;
        let mut answer = Answer::from_evidence(&evidence);
        if !self.models.is_empty() {
            let stated = evidence.claims.model.ok_or_else(|| {
                refused(&"no model answered, but one was expected: the device has accepted none")
            })?;
            let model = self
                .models
                .iter()
                .find(|model| model.manifest_digest() == Ok(stated.manifest_digest))
                .ok_or_else(|| {
                    refused(&"another model answered than the one expected: compare the manifest digests with `anchorhold inspect`")
                })?;
            model.name(&mut answer);
        }
        Ok((answer, evidence.claims.counter))
    }
}

/// The OEM key that a record names: key 6 of its map (docs/formats, device record).
pub(crate) fn named_oem(record: &[u8]) -> Option<PublicKey> {
    const OEM_KEY: u8 = 6;
    let envelope = Sign1::parse(record).ok()?;
    let mut cbor = Decoder::new(envelope.payload);
    for _ in 0..cbor.map().ok()?? {
        if cbor.u8().ok()? == OEM_KEY {
            return PublicKey::from_bytes(cbor.bytes().ok()?.try_into().ok()?).ok();
        }
        cbor.skip().ok()?;
    }
    None
}
