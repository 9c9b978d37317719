//! A data-only TBF: a name, fixed addresses, no program, not enabled.

use crate::tbf::{checksum, BASE_LEN, VERSION};
use core::fmt;
use std::vec::Vec;

/// Longest header that `tockloader` shows in its list, in bytes.
const MAX_HEADER_LEN: usize = 200;

/// Types of the TBF header entries that we write (Tock's TBF document).
mod entry {
    pub const PACKAGE_NAME: u16 = 3;
    pub const FIXED_ADDRESSES: u16 = 5;
}

/// What a data-only TBF says about its body.
#[derive(Clone, Copy, Debug)]
pub struct DataTbf<'a> {
    /// What `tockloader list` shows; 1 to 64 bytes.
    pub name: &'a str,
    /// Where in flash the TBF's header will be.
    pub flash_address: u32,
    /// An address inside the board's application RAM. Nothing is loaded there; the tool
    /// refuses to install a TBF without one.
    pub ram_address: u32,
}

/// Why a TBF cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TbfError {
    /// The name is empty or longer than 64 bytes.
    InvalidName,
    /// Header and body reach beyond the address space.
    TooLong,
}

impl fmt::Display for TbfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TbfError::InvalidName => "a TBF's name must be 1 to 64 bytes",
            TbfError::TooLong => "the TBF reaches beyond the address space",
        })
    }
}

impl core::error::Error for TbfError {}

impl DataTbf<'_> {
    /// Length of the header, in bytes: the body's distance from the TBF's start.
    pub fn header_length(&self) -> usize {
        BASE_LEN + 4 + self.name.len().next_multiple_of(4) + 4 + 8
    }

    /// Puts the header in front of `body`, and pads both to a multiple of four bytes.
    ///
    /// # Errors
    /// See [`TbfError`].
    pub fn wrap(&self, body: &[u8]) -> Result<Vec<u8>, TbfError> {
        let header_length = self.header_length();
        if !(1..=64).contains(&self.name.len()) || header_length > MAX_HEADER_LEN {
            return Err(TbfError::InvalidName);
        }
        let total_length = header_length + body.len().next_multiple_of(4);
        let total = u32::try_from(total_length).map_err(|_| TbfError::TooLong)?;
        let body_address = self.flash_address.wrapping_add(header_length as u32);
        self.flash_address
            .checked_add(total)
            .ok_or(TbfError::TooLong)?;

        let mut tbf = Vec::with_capacity(total_length);
        tbf.extend_from_slice(&VERSION.to_le_bytes());
        tbf.extend_from_slice(&(header_length as u16).to_le_bytes());
        tbf.extend_from_slice(&total.to_le_bytes());
        // No flags: not enabled. The checksum follows when the header is complete.
        tbf.extend_from_slice(&[0; 8]);
        push_entry(&mut tbf, entry::PACKAGE_NAME, self.name.as_bytes());
        let mut addresses = [0; 8];
        let (ram, flash) = addresses.split_at_mut(4);
        ram.copy_from_slice(&self.ram_address.to_le_bytes());
        flash.copy_from_slice(&body_address.to_le_bytes());
        push_entry(&mut tbf, entry::FIXED_ADDRESSES, &addresses);
        let sum = checksum(&tbf).to_le_bytes();
        tbf.splice(12..16, sum);
        tbf.extend_from_slice(body);
        tbf.resize(total_length, 0);
        Ok(tbf)
    }
}

/// Appends an entry, padded to a multiple of four bytes.
fn push_entry(header: &mut Vec<u8>, kind: u16, content: &[u8]) {
    header.extend_from_slice(&kind.to_le_bytes());
    header.extend_from_slice(&(content.len() as u16).to_le_bytes());
    header.extend_from_slice(content);
    header.resize(header.len().next_multiple_of(4), 0);
}
