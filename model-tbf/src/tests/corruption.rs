//! No damaged package is accepted: every byte, every length, every swap of tiles, and
//! random damage on top.

use super::sample::{self, PLAN_LEN, TILE};
use crate::header::{Header, HEADER_LEN};
use crate::ticket::TICKET_LEN;
use crate::{Package, Refusal};
use std::ops::Range;
use std::vec::Vec;

const TAG: usize = 16;
const TILES_LEN: usize = PLAN_LEN + 3 * TAG;

/// Where the parts of a package for one device lie.
struct Layout {
    manifest: Range<usize>,
    ticket: usize,
    padding: usize,
    tiles: usize,
    end: usize,
}

fn layout(bytes: &[u8]) -> Layout {
    let end = bytes.len();
    let (header, _) = Header::parse(bytes).unwrap();
    let ticket = HEADER_LEN + header.manifest_length as usize;
    let padding = ticket + TICKET_LEN;
    let tiles = header.tiles_start() as usize;
    assert_eq!(tiles, end - TILES_LEN);
    Layout {
        manifest: HEADER_LEN..ticket,
        ticket,
        padding,
        tiles,
        end,
    }
}

/// The refusals that damage in `region` may give; each byte gets two damages.
fn refused_with(
    bytes: &mut [u8],
    region: Range<usize>,
    name: &str,
    allowed: impl Fn(usize, Refusal) -> bool,
) {
    for at in region {
        for change in [0x01, 0x80] {
            bytes[at] ^= change;
            match sample::accept(bytes) {
                Ok(_) => panic!("{name}: byte {at} does not matter"),
                Err(refusal) => {
                    assert!(allowed(at, refusal), "{name}: byte {at} gave {refusal:?}")
                }
            }
            bytes[at] ^= change;
        }
    }
}

fn one_of<const N: usize>(allowed: [Refusal; N]) -> impl Fn(usize, Refusal) -> bool {
    move |_, refusal| allowed.contains(&refusal)
}

/// The table of which damage is called what.
#[test]
fn every_damaged_byte_is_refused_by_name() {
    use Refusal::*;
    let mut bytes = sample::sealed_for(&[1]);
    let bytes = bytes.as_mut_slice();
    let Layout {
        manifest,
        ticket,
        padding,
        tiles,
        end,
    } = layout(bytes);

    refused_with(bytes, 0..8, "magic", one_of([InvalidHeader]));
    refused_with(bytes, 8..10, "version", one_of([UnknownVersion]));
    refused_with(bytes, 10..12, "flags", one_of([InvalidHeader]));
    let lengths = [Truncated, Oversized, InvalidHeader];
    refused_with(
        bytes,
        12..16,
        "package length",
        one_of([Truncated, Oversized]),
    );
    refused_with(bytes, 16..32, "part lengths", one_of(lengths));
    let signed = [MalformedManifest, UntrustedPublisher, BadSignature];
    refused_with(bytes, manifest, "manifest", one_of(signed));
    refused_with(
        bytes,
        ticket..ticket + 8,
        "ticket kid",
        one_of([WrongDevice]),
    );
    refused_with(bytes, ticket + 8..padding, "ticket", one_of([BadTicket]));
    assert!(
        padding < tiles,
        "a sample without padding says nothing of it"
    );
    refused_with(bytes, padding..tiles, "padding", one_of([InvalidHeader]));
    refused_with(bytes, tiles..end, "tiles", |at, refusal| {
        refusal == TagMismatch(((at - tiles) / (TILE + TAG)) as u32)
    });
}

#[test]
fn every_truncation_is_refused() {
    let bytes = sample::sealed_for(&[1]);
    for length in 0..bytes.len() {
        assert_eq!(
            Package::parse(&bytes[..length]).err(),
            Some(Refusal::Truncated),
            "{length} bytes"
        );
    }
}

#[test]
fn padding_behind_the_package_is_no_part_of_it() {
    let mut bytes = sample::sealed_for(&[1]);
    bytes.extend_from_slice(&[0; 3]);
    assert!(sample::accept(&bytes).is_ok());
}

/// Bytes that nothing would check must not hide inside a package.
#[test]
fn a_package_longer_than_its_parts_is_refused() {
    let mut bytes = sample::sealed_for(&[1]);
    let longer = bytes.len() as u32 + 1;
    bytes.push(0);
    bytes[12..16].copy_from_slice(&longer.to_le_bytes());
    assert_eq!(Package::parse(&bytes).err(), Some(Refusal::Oversized));
}

#[test]
fn lengths_that_would_overflow_are_refused() {
    let sealed = sample::sealed_for(&[1]);
    for field in [12, 16, 20, 24, 28] {
        for value in [0, 3, 0x7fff_ffff, 0x8000_0000, u32::MAX] {
            let mut bytes = sealed.clone();
            bytes[field..field + 4].copy_from_slice(&value.to_le_bytes());
            assert!(Package::parse(&bytes).is_err(), "field {field} = {value}");
        }
    }
}

/// Header and manifest agree on tile and plan length, or the header lies: 832 bytes in
/// four tiles of 256 take as much room as 848 bytes in three of 320.
#[test]
fn a_header_that_contradicts_the_manifest_is_refused() {
    let mut bytes = sample::sealed_for(&[1]);
    let tiles: [(u32, u32); 2] = [(PLAN_LEN as u32, 256), (PLAN_LEN as u32 + 16, 320)];
    let stored = |(plan, tile): (u32, u32)| plan + 16 * plan.div_ceil(tile);
    assert_eq!(stored(tiles[0]), stored(tiles[1]));
    bytes[24..28].copy_from_slice(&tiles[1].0.to_le_bytes());
    bytes[28..32].copy_from_slice(&tiles[1].1.to_le_bytes());
    assert!(Package::parse(&bytes).is_ok());
    assert_eq!(sample::accept(&bytes).err(), Some(Refusal::InvalidHeader));
}

fn tile(index: usize) -> Range<usize> {
    index * (TILE + TAG)..(index + 1) * (TILE + TAG)
}

#[test]
fn swapped_and_repeated_tiles_are_refused() {
    let sealed = sample::sealed_for(&[1]);
    let start = layout(&sealed).tiles;

    let mut swapped = sealed.clone();
    let (first, second) = (tile(0), tile(1));
    swapped[start..][first.clone()].copy_from_slice(&sealed[start..][second.clone()]);
    swapped[start..][second.clone()].copy_from_slice(&sealed[start..][first.clone()]);
    assert_eq!(
        sample::accept(&swapped).err(),
        Some(Refusal::TagMismatch(0))
    );

    let mut repeated = sealed.clone();
    repeated[start..][second].copy_from_slice(&sealed[start..][first]);
    assert_eq!(
        sample::accept(&repeated).err(),
        Some(Refusal::TagMismatch(1))
    );
}

/// A tile of another package under the same content key and nonce is refused, because
/// its tag is bound to the other manifest.
#[test]
fn a_tile_of_another_package_is_refused() {
    let older = sample::sealed_for(&[1]);
    let manifest = crate::Manifest {
        version: 4,
        ..sample::manifest()
    };
    let mut newer = crate::writer::seal(
        manifest,
        &sample::plan(),
        &sample::publisher(),
        &sample::content_key(),
        &[sample::recipient(1)],
    )
    .unwrap();
    let (from, to) = (layout(&older).tiles, layout(&newer).tiles);
    newer[to..][tile(0)].copy_from_slice(&older[from..][tile(0)]);
    assert_eq!(sample::accept(&newer).err(), Some(Refusal::TagMismatch(0)));
}

/// The trap: a reader that decrypts first and compares later, or not at all.
#[test]
fn nothing_of_a_refused_tile_is_decrypted() {
    let mut bytes = sample::sealed_for(&[1]);
    let end = bytes.len();
    bytes[end - 1] ^= 1;
    let verified = Package::parse(&bytes)
        .unwrap()
        .verify(&sample::publisher_key())
        .unwrap();
    let key = sample::content_key();
    let result = verified.decrypt_tile(&key, 2, |_, _| panic!("decrypted"));
    assert_eq!(result, Err(Refusal::TagMismatch(2)));
}

/// The trap: a comparison that stops early, seen from the outside. Tags that share all
/// but one byte with the right one are all refused.
#[test]
fn almost_right_tags_are_refused() {
    let mut bytes = sample::sealed_for(&[1]);
    let end = bytes.len();
    for at in end - TAG..end {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            assert_eq!(sample::accept(&bytes).err(), Some(Refusal::TagMismatch(2)));
            bytes[at] ^= 1 << bit;
        }
    }
}

/// A xorshift generator: the same damage in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize
    }
}

fn damaged(sealed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = sealed.to_vec();
    for _ in 0..1 + random.next() % 4 {
        let at = random.next() % bytes.len();
        match random.next() % 5 {
            0 => bytes[at] ^= 1 << (random.next() % 8),
            1 => bytes[at] = random.next() as u8,
            2 => bytes.truncate(at.max(1)),
            3 => {
                let from = random.next() % bytes.len();
                let length = (random.next() % 64).min(bytes.len() - from.max(at));
                bytes.copy_within(from..from + length, at);
            }
            _ => bytes.insert(at, random.next() as u8),
        }
    }
    bytes
}

#[test]
fn random_damage_neither_panics_nor_passes() {
    let sealed = sample::sealed_for(&[1]);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..1500 {
        let bytes = damaged(&sealed, &mut random);
        // Bytes behind the package are no part of it.
        let intact = bytes.starts_with(&sealed);
        assert_eq!(sample::accept(&bytes).is_ok(), intact, "round {round}");
    }
}

#[test]
fn random_bytes_neither_panic_nor_pass() {
    let mut random = Random(1);
    for length in 0..400 {
        let mut bytes: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
        assert!(Package::parse(&bytes).is_err());
        let magic = crate::header::MAGIC;
        if length > 12 {
            bytes[..8].copy_from_slice(&magic);
            bytes[8..12].copy_from_slice(&[1, 0, 0, 0]);
            assert!(Package::parse(&bytes).is_err());
        }
        for (_, found) in crate::packages(&bytes) {
            assert!(found.and_then(sample::accept).is_err());
        }
    }
}
