//! A look at a TBF: what its header and its credentials say, for people.

use serde::Serialize;
use tock_tbf::parse::{parse_tbf_header, parse_tbf_header_lengths};

/// What a TBF says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The package's name.
    pub name: String,
    /// Bytes in flash, header and footers included.
    pub total_bytes: u32,
    /// Bytes of the header.
    pub header_bytes: u16,
    /// Whether it holds a program; if not, it carries data.
    pub is_program: bool,
    /// Bytes of RAM that the process needs at least.
    pub minimum_ram_bytes: u32,
    /// Where the body must be in flash, if that is fixed; hexadecimal.
    pub flash_address: Option<String>,
    /// Where the process's RAM must be, if that is fixed; hexadecimal.
    pub ram_address: Option<String>,
    /// The application's identity, if it asks for a fixed one; hexadecimal.
    pub short_id: Option<String>,
    /// The types of the credentials in the footers (6 is ECDSA P-256).
    pub credentials: Vec<u32>,
}

/// A TBF and its parts.
pub struct Tbf<'a> {
    /// What its header says.
    pub summary: Summary,
    /// What follows the header, up to the footers.
    pub body: &'a [u8],
}

impl<'a> Tbf<'a> {
    /// Reads the TBF at the start of `bytes`.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let lengths = bytes.first_chunk().ok_or("a TBF that is cut short")?;
        let (version, header_bytes, total_bytes) = parse_tbf_header_lengths(lengths)
            .map_err(|_| "no TBF: the first bytes are not those of a TBF version 2 header")?;
        let tbf = bytes
            .get(..total_bytes as usize)
            .ok_or_else(|| format!("a TBF of {total_bytes} bytes that is cut short"))?;
        let (header_part, _) = tbf.split_at(usize::from(header_bytes));
        let header = parse_tbf_header(header_part, version)
            .map_err(|error| format!("a TBF whose header is malformed: {error:?}"))?;
        // Without a program there is no binary end: all of it is body.
        let end = if header.has_program() {
            header.get_binary_end() as usize
        } else {
            tbf.len()
        };
        let body = tbf
            .get(usize::from(header_bytes)..end)
            .ok_or("a TBF whose binary ends beyond it")?;
        let summary = Summary {
            name: header.get_package_name().unwrap_or_default().to_owned(),
            total_bytes,
            header_bytes,
            is_program: header.has_program(),
            minimum_ram_bytes: header.get_minimum_app_ram_size(),
            flash_address: header.get_fixed_address_flash().map(hexadecimal),
            ram_address: header.get_fixed_address_ram().map(hexadecimal),
            short_id: header.get_fixed_short_id().map(u32::from).map(hexadecimal),
            credentials: credential_types(&tbf[end..]),
        };
        Ok(Self { summary, body })
    }
}

fn hexadecimal(number: u32) -> String {
    format!("{number:#x}")
}

/// The credential types in `footers`; reserved space (type 0) is left out.
fn credential_types(mut footers: &[u8]) -> Vec<u32> {
    const CREDENTIALS: u16 = 128;
    let mut types = Vec::new();
    while let Some((head, rest)) = footers.split_first_chunk::<4>() {
        let kind = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let Some((value, next)) = rest.split_at_checked(length) else {
            break;
        };
        if let (CREDENTIALS, Some(format)) = (kind, value.first_chunk()) {
            types.push(u32::from_le_bytes(*format));
        }
        footers = next;
    }
    types.retain(|format| *format != 0);
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erased_flash_is_no_tbf() {
        assert!(Tbf::parse(&[0xFF; 64]).is_err());
        assert!(Tbf::parse(&[]).is_err());
    }

    #[test]
    fn credentials_are_listed_and_reserved_space_is_not() {
        let mut footers = vec![128, 0, 8, 0, 6, 0, 0, 0, 1, 2, 3, 4];
        footers.extend([128, 0, 4, 0, 0, 0, 0, 0]);
        footers.extend([128, 0, 200, 0, 6]);
        assert_eq!(credential_types(&footers), [6]);
    }
}
