//! What is changed about an application.

use end_to_end::tbf::{kind, Tbf};

/// A name, what is done to a sound application, and what this project's kernel logs.
pub type Case = (&'static str, fn(&mut Tbf), &'static str);

pub const LOADED: &str = "loaded: credential accepted, ShortId 0x1002";
pub const UNSIGNED: &str = "loaded: unsigned, ShortId unique";
/// It is not an application that is to run, which is no reason to complain.
pub const NOTHING: &str = "";

pub fn unknown(length: usize) -> (u16, Vec<u8>) {
    (kind::UNKNOWN, vec![0xA5; length])
}

/// Changes a word of the Program entry.
pub fn program(tbf: &mut Tbf, offset: usize, value: u32) {
    tbf.entry(kind::PROGRAM)[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
}

pub fn regions(tbf: &mut Tbf, value: &[u8]) {
    tbf.entries
        .push((kind::WRITEABLE_FLASH_REGIONS, value.to_vec()));
}

pub fn region(offset: u32, length: u32) -> Vec<u8> {
    [offset.to_le_bytes(), length.to_le_bytes()].concat()
}
