//! An application in flash (Tock Binary Format), taken apart to be put together otherwise.
//!
//! ```text
//! header: version, its size, total size, flags, checksum; entries
//! protected rest, up to where the binary begins
//! binary
//! footers, in what is left of the total size
//! ```

use anchorhold::keys::KeyPair;
use anchorhold_crypto::digest::sha256;

/// Types of entries of a header, and of a footer.
pub mod kind {
    pub const MAIN: u16 = 1;
    pub const WRITEABLE_FLASH_REGIONS: u16 = 2;
    pub const PACKAGE_NAME: u16 = 3;
    pub const FIXED_ADDRESSES: u16 = 5;
    pub const KERNEL_VERSION: u16 = 8;
    pub const PROGRAM: u16 = 9;
    pub const SHORT_ID: u16 = 10;
    pub const CREDENTIALS: u16 = 128;
    /// A type that nobody has given a meaning.
    pub const UNKNOWN: u16 = 0x7FF1;
}

/// Formats of credentials.
pub mod format {
    pub const RESERVED: u32 = 0;
    pub const SHA256: u32 = 3;
    pub const ECDSA_P256: u32 = 6;
}

const BASE: usize = 16;
const SIGNATURE: usize = 64;

/// A type and a value: of a header or of a footer.
pub type Entry = (u16, Vec<u8>);

/// An application. What is changed here is what will be in flash: sizes and checksum
/// follow, unless they are given, and so does the signature.
#[derive(Clone)]
pub struct Tbf {
    pub version: u16,
    pub header_size: Option<u16>,
    pub total_size: Option<u32>,
    pub flags: u32,
    pub checksum: Option<u32>,
    /// The header's entries. The offsets in Main and Program count from the TBF's start.
    pub entries: Vec<Entry>,
    /// Bytes behind the entries that still count as header.
    pub rest_of_header: Vec<u8>,
    /// A signature of zeros stands for a good one.
    pub footers: Vec<Entry>,
    /// The whole of it, as it was.
    bytes: Vec<u8>,
}

impl Tbf {
    /// The TBF at the start of `flash`, which elf2tab made.
    #[track_caller]
    pub fn read(flash: &[u8]) -> Self {
        let header_size = u16_at(flash, 2);
        let bytes = flash[..u32_at(flash, 4) as usize].to_vec();
        let mut entries = split(&bytes[BASE..header_size.into()], 4);
        for (kind, value) in &mut entries {
            move_offsets(*kind, value, u32::from(header_size));
        }
        let mut tbf = Self {
            version: 2,
            header_size: None,
            total_size: None,
            flags: u32_at(flash, 8),
            checksum: None,
            entries,
            rest_of_header: Vec::new(),
            footers: Vec::new(),
            bytes,
        };
        tbf.footers = split(&tbf.bytes[tbf.binary_end()..], 1);
        // What is only there for the total size is left out.
        tbf.footers
            .retain(|(_, value)| u32_at(value, 0) != format::RESERVED);
        for (_, value) in &mut tbf.footers {
            value[4..].fill(0);
        }
        tbf
    }

    /// The value of the first entry of that type.
    #[track_caller]
    pub fn entry(&mut self, kind: u16) -> &mut Vec<u8> {
        let entry = self.entries.iter_mut().find(|(other, _)| *other == kind);
        &mut entry.expect("an entry of that type").1
    }

    /// Takes the entries of that type away.
    pub fn remove(&mut self, kind: u16) {
        self.entries.retain(|(other, _)| *other != kind);
    }

    /// Bytes of it in flash.
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// Where the binary ends and footers begin.
    #[track_caller]
    pub fn binary_end(&self) -> usize {
        let mut program = self
            .entries
            .iter()
            .filter(|(kind, _)| *kind == kind::PROGRAM);
        program
            .next()
            .filter(|(_, value)| value.len() == 20)
            .map_or(self.bytes.len(), |(_, value)| u32_at(value, 12) as usize)
    }

    /// As it is in flash, signed with `key`.
    #[track_caller]
    pub fn encode(&self, key: &KeyPair) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        let header = self.header();
        bytes[..header.len()].copy_from_slice(&header);
        let signed = self.binary_end().min(bytes.len());
        let signature = key.signing_key().sign(&sha256(&bytes[..signed]));
        let signature = signature.expect("a signature");
        let mut footers = Vec::new();
        for (kind, value) in &self.footers {
            let mut value = value.clone();
            let is_open = value.len() == 4 + SIGNATURE && value[4..] == [0; SIGNATURE];
            if is_open && u32_at(&value, 0) == format::ECDSA_P256 {
                value[4..].copy_from_slice(&signature);
            }
            append(&mut footers, *kind, &value, 1);
        }
        let place = &mut bytes[signed..];
        place.fill(0xFF);
        let length = place.len().min(footers.len());
        place[..length].copy_from_slice(&footers[..length]);
        bytes
    }

    fn header(&self) -> Vec<u8> {
        let mut header = vec![0; BASE];
        let padded = |(_, value): &Entry| 4 + value.len().next_multiple_of(4);
        let entries: usize = self.entries.iter().map(padded).sum();
        let length = BASE + entries + self.rest_of_header.len();
        let header_size = self.header_size.unwrap_or(length as u16);
        for (kind, value) in &self.entries {
            let mut value = value.clone();
            move_offsets(*kind, &mut value, 0u32.wrapping_sub(header_size.into()));
            append(&mut header, *kind, &value, 4);
        }
        header.extend(&self.rest_of_header);
        let total_size = self.total_size.unwrap_or(self.bytes.len() as u32);
        header[..2].copy_from_slice(&self.version.to_le_bytes());
        header[2..4].copy_from_slice(&header_size.to_le_bytes());
        header[4..8].copy_from_slice(&total_size.to_le_bytes());
        header[8..12].copy_from_slice(&self.flags.to_le_bytes());
        let covered = &header[..header.len().min(header_size.into())];
        let words = covered.chunks_exact(4);
        let checksum = words.fold(0, |sum, word| sum ^ u32_at(word, 0));
        header[12..BASE].copy_from_slice(&self.checksum.unwrap_or(checksum).to_le_bytes());
        header
    }
}

/// A credential of `format`.
pub fn credential(format: u32, data: &[u8]) -> Entry {
    let value = [&format.to_le_bytes(), data].concat();
    (kind::CREDENTIALS, value)
}

/// In flash, Main and Program count from the end of the header.
fn move_offsets(kind: u16, value: &mut [u8], by: u32) {
    if (kind == kind::MAIN || kind == kind::PROGRAM) && value.len() >= 8 {
        for offset in [0, 4] {
            let moved = u32_at(value, offset).wrapping_add(by);
            value[offset..offset + 4].copy_from_slice(&moved.to_le_bytes());
        }
    }
}

/// Entries whose values are padded to a multiple of `alignment`.
fn split(mut bytes: &[u8], alignment: usize) -> Vec<Entry> {
    let mut entries = Vec::new();
    while bytes.len() >= 4 {
        let length = usize::from(u16_at(bytes, 2));
        entries.push((u16_at(bytes, 0), bytes[4..4 + length].to_vec()));
        bytes = &bytes[4 + length.next_multiple_of(alignment)..];
    }
    entries
}

fn append(bytes: &mut Vec<u8>, kind: u16, value: &[u8], alignment: usize) {
    bytes.extend(kind.to_le_bytes());
    bytes.extend((value.len() as u16).to_le_bytes());
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(alignment), 0);
}

fn u16_at(bytes: &[u8], offset: usize) -> u16 {
    u16::from_le_bytes([bytes[offset], bytes[offset + 1]])
}

fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes(bytes[offset..][..4].try_into().unwrap_or_default())
}
