//! Parsing of TBF headers and footers from flash.

use core::num::NonZeroU32;

use crate::types::{
    Addresses, Base, InitialTbfParseError, Program, TbfFooterV2Credentials,
    TbfFooterV2CredentialsType, TbfHeader, TbfParseError,
};

/// The fixed part of a header: version, sizes, flags, checksum.
const BASE_LEN: usize = 16;
const VERSION: u16 = 2;
/// An absent address in the FixedAddresses entry.
const NO_ADDRESS: u32 = 0xFFFF_FFFF;

/// Types of header and footer entries that this parser understands; all
/// others are skipped, as the format demands.
mod kind {
    pub const MAIN: u16 = 1;
    pub const WRITEABLE_FLASH_REGIONS: u16 = 2;
    pub const PACKAGE_NAME: u16 = 3;
    pub const FIXED_ADDRESSES: u16 = 5;
    pub const KERNEL_VERSION: u16 = 8;
    pub const PROGRAM: u16 = 9;
    pub const SHORT_ID: u16 = 10;
    pub const CREDENTIALS: u16 = 128;
}

/// Reads version, header length and total length from the start of a TBF.
///
/// `UnableToParse` means that no TBF starts here (erased flash, or a total
/// length that does not even hold a header); `InvalidHeader` that one does,
/// with a header that cannot be used.
pub fn parse_tbf_header_lengths(app: &[u8; 8]) -> Result<(u16, u16, u32), InitialTbfParseError> {
    let &[v0, v1, h0, h1, t0, t1, t2, t3] = app;
    let version = u16::from_le_bytes([v0, v1]);
    let header_size = u16::from_le_bytes([h0, h1]);
    let total_size = u32::from_le_bytes([t0, t1, t2, t3]);
    if version != VERSION || (total_size as usize) < BASE_LEN {
        // A total length below the header's would keep the scan in place for
        // ever, so it ends the list as well.
        Err(InitialTbfParseError::UnableToParse)
    } else if (header_size as usize) < BASE_LEN || u32::from(header_size) > total_size {
        Err(InitialTbfParseError::InvalidHeader(total_size))
    } else {
        Ok((version, header_size, total_size))
    }
}

/// Parses a header. `header` is exactly the header's bytes, by the length
/// that [`parse_tbf_header_lengths`] gave.
pub fn parse_tbf_header(header: &[u8], version: u16) -> Result<TbfHeader<'_>, TbfParseError> {
    if version != VERSION {
        return Err(TbfParseError::UnsupportedVersion(version));
    }
    let (base, entries) = split(header, BASE_LEN)?;
    let base = Base {
        header_size: u16_at(base, 2)?,
        total_size: u32_at(base, 4)?,
        flags: u32_at(base, 8)?,
        checksum: u32_at(base, 12)?,
    };
    let computed = checksum(header);
    if computed != base.checksum {
        return Err(TbfParseError::ChecksumMismatch(base.checksum, computed));
    }

    let mut parsed = TbfHeader {
        base,
        has_entries: !entries.is_empty(),
        program: None,
        package_name: None,
        writeable_regions: &[],
        addresses: None,
        kernel_version: None,
        short_id: None,
    };
    let mut main = None;
    let mut rest = entries;
    while !rest.is_empty() {
        let (kind, value, next) = entry(rest)?;
        rest = next;
        let malformed = TbfParseError::BadTlvEntry(usize::from(kind));
        match kind {
            // Of several, the first counts and the others are not looked at.
            kind::MAIN if main.is_none() => main = Some(parse_program(&base, kind, value)?),
            kind::PROGRAM if parsed.program.is_none() => {
                parsed.program = Some(parse_program(&base, kind, value)?);
            }
            kind::WRITEABLE_FLASH_REGIONS => {
                parsed.writeable_regions = parse_regions(&base, value).ok_or(malformed)?;
            }
            kind::PACKAGE_NAME => {
                let name = core::str::from_utf8(value);
                parsed.package_name = Some(name.map_err(|_| TbfParseError::BadProcessName)?);
            }
            kind::FIXED_ADDRESSES => {
                exact(value, 8, malformed)?;
                let address =
                    |offset| u32_at(value, offset).map(|a| Some(a).filter(|a| *a != NO_ADDRESS));
                parsed.addresses = Some(Addresses {
                    ram: address(0)?,
                    flash: address(4)?,
                });
            }
            kind::KERNEL_VERSION => {
                exact(value, 4, malformed)?;
                parsed.kernel_version = Some((u16_at(value, 0)?, u16_at(value, 2)?));
            }
            kind::SHORT_ID => {
                exact(value, 4, malformed)?;
                parsed.short_id = NonZeroU32::new(u32_at(value, 0)?);
            }
            _ => {}
        }
    }
    // The Program entry replaces the older Main entry where both are given.
    parsed.program = parsed.program.or(main);
    Ok(parsed)
}

/// Parses the first footer of `footers`; returns it and the length of its
/// value (the next footer starts 4 bytes after that many).
pub fn parse_tbf_footer(
    footers: &'static [u8],
) -> Result<(TbfFooterV2Credentials, u32), TbfParseError> {
    let (header, rest) = split(footers, 4)?;
    let kind = u16_at(header, 0)?;
    let length = u16_at(header, 2)?;
    if kind != kind::CREDENTIALS {
        return Err(TbfParseError::BadTlvEntry(usize::from(kind)));
    }
    let (value, _) = split(rest, usize::from(length))?;
    let (format, data_len) = TbfFooterV2CredentialsType::from_format(u32_at(value, 0)?)
        .ok_or(TbfParseError::BadTlvEntry(usize::from(kind)))?;
    let (_, value) = split(value, 4)?;
    let (data, _) = split(value, data_len)?;
    Ok((TbfFooterV2Credentials { format, data }, u32::from(length)))
}

/// XOR of all words of the header but the checksum itself.
fn checksum(header: &[u8]) -> u32 {
    let words = header.chunks_exact(4).map(|word| match *word {
        [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    });
    words
        .enumerate()
        .filter(|(index, _)| *index != 3)
        .fold(0, |sum, (_, word)| sum ^ word)
}

/// Splits the first type-length-value entry off: type, value, what follows.
/// Values are padded to a multiple of four bytes.
fn entry(bytes: &[u8]) -> Result<(u16, &[u8], &[u8]), TbfParseError> {
    let (head, rest) = split(bytes, 4)?;
    let length = usize::from(u16_at(head, 2)?);
    let (padded, next) = split(rest, length.next_multiple_of(4))?;
    let (value, _) = split(padded, length)?;
    Ok((u16_at(head, 0)?, value, next))
}

/// Parses a Main or Program entry and checks it against the sizes in `base`.
fn parse_program(base: &Base, kind: u16, value: &[u8]) -> Result<Program, TbfParseError> {
    let malformed = TbfParseError::BadTlvEntry(usize::from(kind));
    let program = kind == kind::PROGRAM;
    exact(value, if program { 20 } else { 12 }, malformed)?;
    let from_header = |offset: u32| offset.checked_add(u32::from(base.header_size));
    let init_function_offset = from_header(u32_at(value, 0)?).ok_or(malformed)?;
    let protected_size = from_header(u32_at(value, 4)?).ok_or(malformed)?;
    let (binary_end, version) = if program {
        (u32_at(value, 12)?, u32_at(value, 16)?)
    } else {
        (base.total_size, 0)
    };
    if protected_size > binary_end
        || init_function_offset >= binary_end
        || binary_end > base.total_size
    {
        return Err(malformed);
    }
    Ok(Program {
        init_function_offset,
        protected_size,
        minimum_ram_size: u32_at(value, 8)?,
        binary_end,
        version,
    })
}

/// Checks that writeable regions (offset, length; 8 bytes each) lie inside
/// the TBF and outside its header.
fn parse_regions<'a>(base: &Base, value: &'a [u8]) -> Option<&'a [u8]> {
    if !value.len().is_multiple_of(8) {
        return None;
    }
    for region in value.chunks_exact(8) {
        let offset = u32_at(region, 0).ok()?;
        let end = offset.checked_add(u32_at(region, 4).ok()?)?;
        if offset < u32::from(base.header_size) || end > base.total_size {
            return None;
        }
    }
    Some(value)
}

fn exact(value: &[u8], length: usize, error: TbfParseError) -> Result<(), TbfParseError> {
    if value.len() == length {
        Ok(())
    } else {
        Err(error)
    }
}

fn split(bytes: &[u8], at: usize) -> Result<(&[u8], &[u8]), TbfParseError> {
    bytes
        .split_at_checked(at)
        .ok_or(TbfParseError::NotEnoughFlash)
}

fn u16_at(bytes: &[u8], offset: usize) -> Result<u16, TbfParseError> {
    match bytes.get(offset..) {
        Some(&[a, b, ..]) => Ok(u16::from_le_bytes([a, b])),
        _ => Err(TbfParseError::NotEnoughFlash),
    }
}

fn u32_at(bytes: &[u8], offset: usize) -> Result<u32, TbfParseError> {
    match bytes.get(offset..) {
        Some(&[a, b, c, d, ..]) => Ok(u32::from_le_bytes([a, b, c, d])),
        _ => Err(TbfParseError::NotEnoughFlash),
    }
}

#[cfg(test)]
mod tests;
