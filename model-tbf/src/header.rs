//! The package's header: 32 bytes, little-endian. It is not signed, so whatever it
//! says is checked against the package's length and the signed manifest.

use crate::refusal::Refusal;
use crate::ticket::TICKET_LEN;
use anchorhold_crypto::aead::TAG_LEN;

/// First bytes of every package.
pub const MAGIC: [u8; 8] = *b"AHMODEL\0";
/// The format version that this code reads and writes.
pub const FORMAT_VERSION: u16 = 1;
/// Length of the header, in bytes.
pub const HEADER_LEN: usize = 32;
/// Longest manifest, in bytes.
pub const MAX_MANIFEST: u32 = 2048;
/// Most tickets of a package.
pub const MAX_TICKETS: u32 = 4096;
/// Shortest and longest tile, in bytes of plaintext.
pub const TILE_LENGTHS: core::ops::RangeInclusive<u32> = 256..=4096;
/// Bytes of a word, at which tiles start: a 32-bit processor decrypts by words.
const WORD: u64 = 4;
/// A tile's plaintext is a multiple of a ChaCha20 block, in bytes.
pub const TILE_MULTIPLE: u32 = 64;

/// Lengths of a package's parts, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Length of the signed manifest.
    pub manifest_length: u32,
    /// Number of tickets.
    pub ticket_count: u32,
    /// Length of the plan before encryption.
    pub plan_length: u32,
    /// Plaintext bytes of every tile but the last.
    pub tile_length: u32,
}

impl Header {
    /// Reads the header at the start of `bytes`; returns it and the package's length,
    /// which is exactly that of its parts and no more than there are bytes.
    ///
    /// # Errors
    /// [`Refusal::Truncated`], [`Refusal::Oversized`], [`Refusal::InvalidHeader`],
    /// [`Refusal::UnknownVersion`].
    pub fn parse(bytes: &[u8]) -> Result<(Header, usize), Refusal> {
        let bytes_available = bytes.len();
        let bytes: &[u8; HEADER_LEN] = bytes.first_chunk().ok_or(Refusal::Truncated)?;
        let [m0, m1, m2, m3, m4, m5, m6, m7, v0, v1, f0, f1, words @ ..] = bytes;
        if [*m0, *m1, *m2, *m3, *m4, *m5, *m6, *m7] != MAGIC {
            return Err(Refusal::InvalidHeader);
        }
        if u16::from_le_bytes([*v0, *v1]) != FORMAT_VERSION {
            return Err(Refusal::UnknownVersion);
        }
        if [*f0, *f1] != [0, 0] {
            return Err(Refusal::InvalidHeader);
        }
        let (words, _) = words.as_chunks::<4>();
        let &[package_length, manifest_length, ticket_count, plan_length, tile_length] = words
        else {
            return Err(Refusal::InvalidHeader);
        };
        let package_length = u32::from_le_bytes(package_length);
        let header = Header {
            manifest_length: u32::from_le_bytes(manifest_length),
            ticket_count: u32::from_le_bytes(ticket_count),
            plan_length: u32::from_le_bytes(plan_length),
            tile_length: u32::from_le_bytes(tile_length),
        };
        if !header.is_within_limits() {
            return Err(Refusal::InvalidHeader);
        }
        let needed = header.package_length();
        if u64::from(package_length) > needed {
            return Err(Refusal::Oversized);
        }
        if u64::from(package_length) < needed || needed > bytes_available as u64 {
            return Err(Refusal::Truncated);
        }
        let length = usize::try_from(needed).map_err(|_| Refusal::Truncated)?;
        Ok((header, length))
    }

    /// Number of tiles. Zero only for headers that [`parse`](Header::parse) refuses.
    pub fn tile_count(&self) -> u32 {
        match self.tile_length {
            0 => 0,
            tile_length => self.plan_length.div_ceil(tile_length),
        }
    }

    /// Where the tickets end, in bytes from the package's start.
    fn tickets_end(&self) -> u64 {
        HEADER_LEN as u64
            + u64::from(self.manifest_length)
            + u64::from(self.ticket_count) * TICKET_LEN as u64
    }

    /// Zero bytes between tickets and tiles, so that these start at a word.
    pub fn padding(&self) -> u64 {
        self.tickets_end().wrapping_neg() % WORD
    }

    /// Where the tiles start, in bytes from the package's start.
    pub fn tiles_start(&self) -> u64 {
        self.tickets_end() + self.padding()
    }

    /// Length of the package that the header describes, in bytes.
    pub fn package_length(&self) -> u64 {
        self.tiles_start()
            + u64::from(self.plan_length)
            + u64::from(self.tile_count()) * TAG_LEN as u64
    }

    /// Whether every field is one that a writer may choose.
    pub fn is_within_limits(&self) -> bool {
        (1..=MAX_MANIFEST).contains(&self.manifest_length)
            && self.ticket_count <= MAX_TICKETS
            && self.plan_length > 0
            && TILE_LENGTHS.contains(&self.tile_length)
            && self.tile_length.is_multiple_of(TILE_MULTIPLE)
    }
}
