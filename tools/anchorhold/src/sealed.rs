//! A sealed model as it travels: in a TAB, or as the bare TBF.

use std::path::Path;

use anchorhold_crypto::cose::Sign1;
use anchorhold_crypto::digest::sha256;
use anchorhold_crypto::es256::KID_LEN;
use model_tbf::header::HEADER_LEN;
use model_tbf::manifest::CONTENT_TYPE;
use model_tbf::ticket::TICKET_LEN;
use model_tbf::{Manifest, Package};

use crate::answer::Answer;
use crate::error::Error;
use crate::tab;
use crate::tbf::Tbf;
use crate::{files, hex};

/// More than any board's flash.
pub const FILE_LIMIT: usize = 16 * 1024 * 1024;

/// A sealed model, of which anybody may see manifest and lengths. Whether its publisher
/// is the right one is for devices to say; a token names the manifest by its digest.
#[derive(Clone, Debug)]
pub struct SealedModel {
    package: Vec<u8>,
}

impl SealedModel {
    /// Reads the TAB or TBF at `path`.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = files::read(path, FILE_LIMIT)?;
        let tbf = match tab::unpack(&bytes) {
            Ok(entries) => entries.into_iter().next().map(|entry| entry.tbf),
            Err(_) => Some(bytes),
        };
        tbf.ok_or_else(|| "an empty TAB".to_owned())
            .and_then(|tbf| Self::from_tbf(&tbf))
            .map_err(|what| {
                Error::input(
                    path,
                    format_args!("{what}; give the TAB that `anchorhold seal` wrote"),
                )
            })
    }

    /// Takes the sealed model out of a TBF.
    pub fn from_tbf(tbf: &[u8]) -> Result<Self, String> {
        let tbf = Tbf::parse(tbf)?;
        let sealed = Self {
            package: tbf.body.to_vec(),
        };
        sealed.manifest()?;
        Ok(sealed)
    }

    /// The package.
    pub fn package(&self) -> Result<Package<'_>, String> {
        Package::parse(&self.package).map_err(|refusal| refusal.to_string())
    }

    /// What its publisher states, without a check of who that is.
    pub fn manifest(&self) -> Result<Manifest<'_>, String> {
        const MALFORMED: &str = "a package with a malformed manifest";
        let signed = self.package()?.signed_manifest();
        let envelope = Sign1::parse(signed).map_err(|_| MALFORMED)?;
        if envelope.content_type != CONTENT_TYPE {
            return Err(MALFORMED.into());
        }
        Manifest::decode(envelope.payload).map_err(|_| MALFORMED.into())
    }

    /// Which key the manifest says it was signed with.
    pub fn publisher(&self) -> Result<[u8; KID_LEN], String> {
        let signed = self.package()?.signed_manifest();
        let envelope = Sign1::parse(signed).map_err(|error| error.to_string())?;
        Ok(*envelope.kid)
    }

    /// Identifies the unseal keys of the devices that it has tickets for.
    pub fn devices(&self) -> Result<Vec<&[u8]>, String> {
        let header = *self.package()?.header();
        let (count, start) = (
            header.ticket_count,
            HEADER_LEN + header.manifest_length as usize,
        );
        let tickets = self.package.get(start..).unwrap_or_default();
        let tickets = tickets.chunks_exact(TICKET_LEN).take(count as usize);
        Ok(tickets.map(|ticket| &ticket[..KID_LEN]).collect())
    }

    /// SHA-256 of the signed manifest: the model's identity in tokens.
    pub fn manifest_digest(&self) -> Result<[u8; 32], String> {
        Ok(sha256(self.package()?.signed_manifest()))
    }

    /// Puts the model's name and label into a verified answer of this model.
    pub fn name(&self, answer: &mut Answer) {
        let Ok(manifest) = self.manifest() else {
            return;
        };
        let digest = hex::encode(&self.manifest_digest().unwrap_or_default());
        if let Some(model) = &mut answer.model {
            if model.manifest_digest != digest {
                return;
            }
            model.name = Some(manifest.name.to_owned());
            if let Some(result) = &mut answer.result {
                let text = result.label.and_then(|label| manifest.labels.get(label));
                result.label_text = text.map(str::to_owned);
            }
        }
    }
}
