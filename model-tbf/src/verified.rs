//! A package that the trusted publisher signed.

use crate::manifest::Manifest;
use crate::package::Package;
use crate::refusal::Refusal;
use crate::ticket::Ticket;
use crate::tile::{self, Tile};
use anchorhold_crypto::aead::TAG_LEN;
use anchorhold_crypto::constant_time;
use anchorhold_crypto::digest::Sha256;
use anchorhold_crypto::es256::KID_LEN;
use anchorhold_crypto::hpke::RecipientKey;
use anchorhold_crypto::Secret;

/// A package whose manifest is the publisher's. Its tickets and tiles are checked as
/// they are used.
#[derive(Clone, Copy)]
pub struct VerifiedPackage<'a> {
    pub(crate) package: Package<'a>,
    pub(crate) manifest: Manifest<'a>,
    pub(crate) manifest_digest: [u8; 32],
}

impl<'a> VerifiedPackage<'a> {
    /// What the publisher signed.
    pub fn manifest(&self) -> &Manifest<'a> {
        &self.manifest
    }

    /// SHA-256 of the manifest's COSE_Sign1: the model's identity in Evidence.
    pub fn manifest_digest(&self) -> [u8; 32] {
        self.manifest_digest
    }

    /// Number of tiles.
    pub fn tile_count(&self) -> u32 {
        self.package.header.tile_count()
    }

    /// The first ticket for the device whose unseal key has this identifier.
    pub fn ticket(&self, kid: [u8; KID_LEN]) -> Option<Ticket<'a>> {
        self.package
            .tickets
            .iter()
            .map(Ticket::new)
            .find(|ticket| ticket.kid() == kid)
    }

    /// Opens this device's ticket. `kid` identifies the public half of `device`, which
    /// the caller keeps because computing it takes as long as a signature.
    ///
    /// # Errors
    /// [`Refusal::WrongDevice`] without a ticket for `kid`, [`Refusal::BadTicket`] when it
    /// does not open.
    pub fn unwrap_content_key(
        &self,
        device: &RecipientKey,
        kid: [u8; KID_LEN],
    ) -> Result<Secret<32>, Refusal> {
        self.ticket(kid)
            .ok_or(Refusal::WrongDevice)?
            .unwrap(device, &self.manifest_digest)
    }

    /// Checks every tile's tag, and that the tiles together are the signed plan. No more
    /// than 64 bytes of plaintext exist at a time.
    ///
    /// # Errors
    /// [`Refusal::TagMismatch`] with the first tile that fails,
    /// [`Refusal::PlanDigestMismatch`].
    pub fn check_tiles(&self, key: &Secret<32>) -> Result<(), Refusal> {
        let mut digest = Sha256::new();
        for index in 0..self.tile_count() {
            self.decrypt_tile(key, index, |_, block| digest.update(block))?;
        }
        if constant_time::equal(&digest.finish(), &self.manifest.plan_digest) {
            Ok(())
        } else {
            Err(Refusal::PlanDigestMismatch)
        }
    }

    /// Checks one tile's tag and only then decrypts it: `sink` gets the offset of each
    /// block in the tile and at most 64 bytes. Returns the tile's length.
    ///
    /// # Errors
    /// [`Refusal::TagMismatch`]; `sink` was then not called. An index beyond the last
    /// tile is a mismatch too.
    pub fn decrypt_tile(
        &self,
        key: &Secret<32>,
        index: u32,
        sink: impl FnMut(usize, &[u8]),
    ) -> Result<usize, Refusal> {
        self.tile(index)
            .ok_or(Refusal::TagMismatch(index))?
            .decrypt(key, sink)
    }

    fn tile(&self, index: u32) -> Option<Tile<'a>> {
        let length = usize::try_from(self.package.header.tile_length).ok()?;
        let stride = length.checked_add(TAG_LEN)?;
        let tile = self
            .package
            .tiles
            .chunks(stride)
            .nth(usize::try_from(index).ok()?)?;
        let (ciphertext, tag) = tile.split_at_checked(tile.len().checked_sub(TAG_LEN)?)?;
        Some(Tile {
            index,
            ciphertext,
            tag,
            nonce: tile::nonce(&self.manifest.base_nonce, index),
            aad: tile::aad(&self.manifest_digest, index, self.tile_count()),
        })
    }
}
