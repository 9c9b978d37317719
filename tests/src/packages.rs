//! Packages as an attacker makes them, and their place in flash.

use anchorhold::keys::KeyPair;
use anchorhold_crypto::aead::{seal_in_place, TAG_LEN};
use anchorhold_crypto::digest::sha256;
use anchorhold_crypto::Secret;
use model_tbf::writer::{seal, DataTbf, Recipient};
use model_tbf::{Manifest, Package};

use crate::model::Sealed;
use crate::people::{publisher, Device};
use crate::target::Target;

/// Appends packages, each in a data-only TBF of its own, to the TBFs in the `flash` of
/// a `target`. /// Returns their addresses.
#[track_caller]
pub fn append(target: &Target, flash: &mut [u8], packages: &[Vec<u8>]) -> Vec<u32> {
    let mut end = end_of_tbfs(target, flash);
    let mut addresses = Vec::new();
    for (number, package) in packages.iter().enumerate() {
        let address = target.board.family.flash_origin + end as u32;
        let tbf = wrap(target, &format!("package-{number}"), address, package);
        flash[end..end + tbf.len()].copy_from_slice(&tbf);
        end += tbf.len();
        addresses.push(address);
    }
    addresses
}

/// Puts `package` into the first of the board's model slots, in place of what is there
/// and of all that follows.
#[track_caller]
pub fn replace(target: &Target, flash: &mut [u8], package: &[u8]) {
    let address = target.model_slot();
    let start = target.in_flash(address);
    let tbf = wrap(target, "package", address, package);
    flash[start..].fill(0xff);
    flash[start..start + tbf.len()].copy_from_slice(&tbf);
}

#[track_caller]
fn wrap(target: &Target, name: &str, flash_address: u32, package: &[u8]) -> Vec<u8> {
    let header = DataTbf {
        name,
        flash_address,
        ram_address: target.board.family.data_ram,
    };
    header.wrap(package).expect("a TBF")
}

/// Where the chain of TBFs ends: each begins with its version, 2, its header's length,
/// and its own length.
fn end_of_tbfs(target: &Target, flash: &[u8]) -> usize {
    let mut end = target.in_flash(target.board.family.applications);
    while let [2, 0, _, _, length @ ..] = &flash[end..end + 8] {
        end += u32::from_le_bytes(length.try_into().unwrap_or_default()) as usize;
    }
    end
}

/// Where the parts of a package lie.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// Where the signed manifest begins; before it is the header.
    pub manifest: usize,
    /// Where the tickets begin.
    pub tickets: usize,
    /// Where the tickets end; padding may follow.
    pub padding: usize,
    /// Where the tiles begin.
    pub tiles: usize,
    /// Bytes of a tile with its tag.
    pub tile: usize,
}

impl Parts {
    /// The parts of a sound package.
    #[track_caller]
    pub fn of(package: &[u8]) -> Self {
        let header = *Package::parse(package).expect("a sound package").header();
        let manifest = model_tbf::header::HEADER_LEN;
        let tickets = manifest + header.manifest_length as usize;
        Self {
            manifest,
            tickets,
            padding: tickets + header.ticket_count as usize * model_tbf::ticket::TICKET_LEN,
            tiles: header.tiles_start() as usize,
            tile: header.tile_length as usize + TAG_LEN,
        }
    }
}

/// The publisher's own tool, in the wrong hands or with a fault: seals `plan` for
/// `device` with what `sealed` states, but for what `change` changes.
#[track_caller]
pub fn forge(
    sealed: &Sealed,
    plan: &[u8],
    device: &Device,
    change: impl FnOnce(&mut Manifest<'_>),
) -> Vec<u8> {
    let publisher = KeyPair::read(&publisher().private, None).expect("the publisher's key");
    let recipient = Recipient {
        unseal_key: device.record().unseal_key,
        ephemeral_seed: Secret::new([0x5e; 32]),
    };
    sealed.with_manifest(|manifest| {
        let mut manifest = *manifest;
        change(&mut manifest);
        seal(
            manifest,
            plan,
            publisher.signing_key(),
            &content_key(),
            &[recipient],
        )
        .expect("a package")
    })
}

/// A forged package whose first tile decrypts to another plan than the signed one.
#[track_caller]
pub fn exchange_first_tile(package: &[u8], tile: &[u8]) -> Vec<u8> {
    let parsed = Package::parse(package).expect("a sound package");
    let parts = Parts::of(package);
    let verified = parsed
        .verify(&publisher().public_key())
        .expect("a package of the publisher");
    // docs/formats/model-package.md: index 0 leaves the base nonce as it is.
    let nonce = verified.manifest().base_nonce;
    let mut data = sha256(parsed.signed_manifest()).to_vec();
    data.extend_from_slice(&0u32.to_le_bytes());
    data.extend_from_slice(&verified.tile_count().to_le_bytes());
    let mut sealed = tile.to_vec();
    let tag = seal_in_place(&content_key(), &nonce, &data, &mut sealed);
    sealed.extend_from_slice(&tag);
    let mut exchanged = package.to_vec();
    exchanged[parts.tiles..][..parts.tile].copy_from_slice(&sealed);
    exchanged
}

/// The content key of forged packages.
pub fn content_key() -> Secret<32> {
    Secret::new(sha256(b"the content key of forged packages"))
}
