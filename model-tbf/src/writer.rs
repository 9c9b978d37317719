//! Makes packages, and the data-only TBFs that carry them. Host only.

mod data_tbf;

use crate::header::{Header, FORMAT_VERSION, HEADER_LEN, MAGIC, MAX_MANIFEST, MAX_TICKETS};
use crate::manifest::{self, Manifest, OutOfLimits};
use crate::ticket::{INFO, TICKET_LEN};
use crate::tile;
use anchorhold_crypto::digest::sha256;
use anchorhold_crypto::es256::{PublicKey, SigningKey};
use anchorhold_crypto::{aead, cose, hpke, Error, Secret};
use core::fmt;
use std::vec;
use std::vec::Vec;

pub use data_tbf::{DataTbf, TbfError};

/// One device that a package is for.
pub struct Recipient {
    /// The device's unseal key, from its record.
    pub unseal_key: PublicKey,
    /// 32 bytes from a random generator, used for this ticket only.
    pub ephemeral_seed: Secret<32>,
}

/// Why a package cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// A field of the manifest is outside its limits.
    Manifest(OutOfLimits),
    /// The plan is longer than 4 GiB.
    PlanTooLong,
    /// More than [`MAX_TICKETS`] devices.
    TooManyRecipients,
    /// The recipient with this index has the same key as another one.
    DuplicateRecipient(usize),
    /// A key was refused.
    Crypto(Error),
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SealError::Manifest(limits) => limits.fmt(f),
            SealError::PlanTooLong => f.write_str("the plan is longer than 4 GiB"),
            SealError::TooManyRecipients => {
                write!(
                    f,
                    "a package can be sealed to at most {MAX_TICKETS} devices"
                )
            }
            SealError::DuplicateRecipient(index) => {
                write!(f, "device {index} is listed twice: remove it")
            }
            SealError::Crypto(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SealError {}

impl From<OutOfLimits> for SealError {
    fn from(error: OutOfLimits) -> Self {
        SealError::Manifest(error)
    }
}

impl From<Error> for SealError {
    fn from(error: Error) -> Self {
        SealError::Crypto(error)
    }
}

/// Seals `plan` for the recipients and returns the package's bytes.
///
/// The manifest's plan digest and plan length are filled in from `plan`. The content
/// key and the manifest's base nonce come from a random generator and are used for this
/// package only: a repeated pair would expose both plans.
///
/// # Errors
/// See [`SealError`].
pub fn seal(
    manifest: Manifest<'_>,
    plan: &[u8],
    publisher: &SigningKey,
    content_key: &Secret<32>,
    recipients: &[Recipient],
) -> Result<Vec<u8>, SealError> {
    let manifest = Manifest {
        plan_digest: sha256(plan),
        plan_length: u32::try_from(plan.len()).map_err(|_| SealError::PlanTooLong)?,
        ..manifest
    };
    manifest.check_limits()?;
    let signed_manifest = sign(&manifest, publisher)?;
    let manifest_digest = sha256(&signed_manifest);
    let tickets = tickets(recipients, content_key, &manifest_digest)?;

    let header = Header {
        manifest_length: signed_manifest.len() as u32,
        ticket_count: recipients.len() as u32,
        plan_length: manifest.plan_length,
        tile_length: manifest.tile_length,
    };
    let length = u32::try_from(header.package_length()).map_err(|_| SealError::PlanTooLong)?;
    let mut package = Vec::with_capacity(length as usize);
    package.extend_from_slice(&encode_header(&header, length));
    package.extend_from_slice(&signed_manifest);
    package.extend_from_slice(&tickets);
    package.resize(header.tiles_start() as usize, 0);
    let tiles = plan.chunks(manifest.tile_length as usize);
    for (index, plaintext) in (0..).zip(tiles) {
        let nonce = tile::nonce(&manifest.base_nonce, index);
        let aad = tile::aad(&manifest_digest, index, header.tile_count());
        let mut data = plaintext.to_vec();
        let tag = aead::seal_in_place(content_key, &nonce, &aad, &mut data);
        package.extend_from_slice(&data);
        package.extend_from_slice(&tag);
    }
    Ok(package)
}

fn sign(manifest: &Manifest<'_>, publisher: &SigningKey) -> Result<Vec<u8>, SealError> {
    let mut signed = vec![0; MAX_MANIFEST as usize];
    let kid = publisher.public_key().kid();
    let length = cose::sign(
        &mut signed,
        manifest::CONTENT_TYPE,
        &kid,
        publisher,
        &mut |payload| manifest.encode(payload).map_err(|_| Error::InvalidLength),
    )?;
    signed.truncate(length);
    Ok(signed)
}

fn tickets(
    recipients: &[Recipient],
    content_key: &Secret<32>,
    manifest_digest: &[u8; 32],
) -> Result<Vec<u8>, SealError> {
    if recipients.len() > MAX_TICKETS as usize {
        return Err(SealError::TooManyRecipients);
    }
    let mut tickets = Vec::with_capacity(recipients.len() * TICKET_LEN);
    for (index, recipient) in recipients.iter().enumerate() {
        let key = &recipient.unseal_key;
        if recipients
            .iter()
            .take(index)
            .any(|other| other.unseal_key == *key)
        {
            return Err(SealError::DuplicateRecipient(index));
        }
        let (enc, wrapped) = hpke::wrap(
            key,
            INFO,
            manifest_digest,
            content_key,
            &recipient.ephemeral_seed,
        )?;
        tickets.extend_from_slice(&key.kid());
        tickets.extend_from_slice(&enc);
        tickets.extend_from_slice(&wrapped);
    }
    Ok(tickets)
}

fn encode_header(header: &Header, package_length: u32) -> [u8; HEADER_LEN] {
    let mut bytes = Vec::with_capacity(HEADER_LEN);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes.extend_from_slice(&[0; 2]);
    for word in [
        package_length,
        header.manifest_length,
        header.ticket_count,
        header.plan_length,
        header.tile_length,
    ] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    let mut fixed = [0; HEADER_LEN];
    fixed.copy_from_slice(&bytes);
    fixed
}
