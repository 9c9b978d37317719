//! Binaries for tests.

use std::string::{String, ToString};
use std::vec::Vec;

/// What goes into a TBF.
pub(super) struct Tbf {
    pub(super) name: String,
    pub(super) flags: u32,
    pub(super) version: u32,
    pub(super) short_id: Option<u32>,
    pub(super) fixed_ram: Option<u32>,
    pub(super) program: bool,
    pub(super) kernel_version: Option<(u16, u16)>,
    /// The credential's type and its bytes' value; the bytes are 64.
    pub(super) credential: Option<(u32, u8)>,
    pub(super) damage: bool,
}

/// RAM that each test binary asks for.
pub(super) const RAM: u32 = 2048;
/// Length of each test binary.
pub(super) const LENGTH: usize = 1024;
/// Where the footers start.
pub(super) const BINARY_END: u32 = 896;
/// Length of header and protected trailer.
pub(super) const PROTECTED: u32 = 128;

pub(super) fn tbf(name: &str) -> Tbf {
    Tbf {
        name: name.to_string(),
        flags: 1,
        version: 1,
        short_id: None,
        fixed_ram: None,
        program: true,
        kernel_version: Some((2, 2)),
        credential: None,
        damage: false,
    }
}

impl Tbf {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut entries: Vec<(u16, Vec<u8>)> = Vec::new();
        entries.push((3, self.name.as_bytes().to_vec()));
        if let Some((major, minor)) = self.kernel_version {
            entries.push((8, [major.to_le_bytes(), minor.to_le_bytes()].concat()));
        }
        if let Some(id) = self.short_id {
            entries.push((10, id.to_le_bytes().to_vec()));
        }
        if let Some(ram) = self.fixed_ram {
            let addresses = [ram, u32::MAX];
            entries.push((5, addresses.map(u32::to_le_bytes).concat()));
        }
        // One writeable region in the middle of the binary.
        entries.push((2, [256u32, 64].map(u32::to_le_bytes).concat()));

        let mut header = Vec::from([2u8, 0, 0, 0]);
        header.extend((LENGTH as u32).to_le_bytes());
        header.extend(self.flags.to_le_bytes());
        header.extend([0; 4]);
        for (kind, value) in &entries {
            entry(&mut header, *kind, value);
        }
        if self.program {
            let length = header.len() as u32 + 24;
            let trailer = PROTECTED - length;
            let program = [trailer + 0x21, trailer, RAM, BINARY_END, self.version];
            entry(&mut header, 9, &program.map(u32::to_le_bytes).concat());
        }
        let length = header.len() as u16;
        header[2..4].copy_from_slice(&length.to_le_bytes());
        let sum = header.chunks_exact(4).fold(0, |sum, word| {
            sum ^ u32::from_le_bytes(word.try_into().unwrap())
        });
        let sum = sum ^ u32::from(self.damage);
        header[12..16].copy_from_slice(&sum.to_le_bytes());

        let mut bytes = header;
        bytes.resize(BINARY_END as usize, 0xC0);
        if let Some((format, value)) = self.credential {
            bytes.extend(128u16.to_le_bytes());
            bytes.extend(68u16.to_le_bytes());
            bytes.extend(format.to_le_bytes());
            bytes.extend([value; 64]);
        }
        let reserved = LENGTH - bytes.len() - 4;
        bytes.extend(128u16.to_le_bytes());
        bytes.extend((reserved as u16).to_le_bytes());
        bytes.resize(LENGTH, 0);
        bytes
    }
}

fn entry(bytes: &mut Vec<u8>, kind: u16, value: &[u8]) {
    bytes.extend(kind.to_le_bytes());
    bytes.extend((value.len() as u16).to_le_bytes());
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}
