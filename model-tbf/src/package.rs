//! A package whose structure was checked, but nobody's word was taken yet.

use crate::header::{Header, HEADER_LEN};
use crate::manifest::{self, Manifest};
use crate::refusal::Refusal;
use crate::ticket::TICKET_LEN;
use crate::verified::VerifiedPackage;
use anchorhold_crypto::cose::Sign1;
use anchorhold_crypto::digest::sha256;
use anchorhold_crypto::es256::PublicKey;

/// A view of a package's parts. Every byte of the package belongs to exactly one.
#[derive(Clone, Copy)]
pub struct Package<'a> {
    pub(crate) header: Header,
    pub(crate) manifest: &'a [u8],
    pub(crate) tickets: &'a [[u8; TICKET_LEN]],
    pub(crate) tiles: &'a [u8],
}

impl<'a> Package<'a> {
    /// Reads the package at the start of `bytes`, which may be longer: a TBF is padded.
    ///
    /// # Errors
    /// [`Refusal::Truncated`], [`Refusal::Oversized`], [`Refusal::InvalidHeader`],
    /// [`Refusal::UnknownVersion`].
    pub fn parse(bytes: &'a [u8]) -> Result<Package<'a>, Refusal> {
        let (header, length) = Header::parse(bytes)?;
        let rest = bytes.get(HEADER_LEN..length).ok_or(Refusal::Truncated)?;
        let (manifest, rest) = split(rest, header.manifest_length.into())?;
        let tickets_length = u64::from(header.ticket_count) * TICKET_LEN as u64;
        let (tickets, rest) = split(rest, tickets_length)?;
        let (padding, tiles) = split(rest, header.padding())?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(Refusal::InvalidHeader);
        }
        let (tickets, _) = tickets.as_chunks();
        Ok(Package {
            header,
            manifest,
            tickets,
            tiles,
        })
    }

    /// The lengths of the parts.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The publisher's COSE_Sign1, not verified.
    pub fn signed_manifest(&self) -> &'a [u8] {
        self.manifest
    }

    /// Checks that `publisher` signed the manifest, reads it, and compares the header with it.
    ///
    /// # Errors
    /// [`Refusal::MalformedManifest`], [`Refusal::UntrustedPublisher`],
    /// [`Refusal::BadSignature`], [`Refusal::InvalidHeader`].
    pub fn verify(&self, publisher: &PublicKey) -> Result<VerifiedPackage<'a>, Refusal> {
        let envelope = Sign1::parse(self.manifest).map_err(|_| Refusal::MalformedManifest)?;
        if envelope.content_type != manifest::CONTENT_TYPE {
            return Err(Refusal::MalformedManifest);
        }
        if *envelope.kid != publisher.kid() {
            return Err(Refusal::UntrustedPublisher);
        }
        envelope
            .verify(publisher)
            .map_err(|_| Refusal::BadSignature)?;
        let manifest =
            Manifest::decode(envelope.payload).map_err(|_| Refusal::MalformedManifest)?;
        if manifest.plan_length != self.header.plan_length
            || manifest.tile_length != self.header.tile_length
        {
            return Err(Refusal::InvalidHeader);
        }
        Ok(VerifiedPackage {
            package: *self,
            manifest,
            manifest_digest: sha256(self.manifest),
        })
    }
}

fn split(bytes: &[u8], length: u64) -> Result<(&[u8], &[u8]), Refusal> {
    usize::try_from(length)
        .ok()
        .and_then(|length| bytes.split_at_checked(length))
        .ok_or(Refusal::Truncated)
}
