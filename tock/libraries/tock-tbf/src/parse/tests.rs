//! Tests of the header and footer parsers.

extern crate std;
use std::vec::Vec;

use super::*;

/// Builds a header from entries, with sizes and checksum filled in.
fn header(entries: &[(u16, &[u8])], total: u32, flags: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend([2, 0, 0, 0]);
    bytes.extend(total.to_le_bytes());
    bytes.extend(flags.to_le_bytes());
    bytes.extend([0; 4]);
    for (kind, value) in entries {
        bytes.extend(kind.to_le_bytes());
        bytes.extend((value.len() as u16).to_le_bytes());
        bytes.extend(*value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    let length = bytes.len() as u16;
    bytes[2..4].copy_from_slice(&length.to_le_bytes());
    let sum = checksum(&bytes);
    bytes[12..16].copy_from_slice(&sum.to_le_bytes());
    bytes
}

fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[test]
fn application_header() {
    let program = words(&[0x29, 8, 4096, 0x1000, 7]);
    let bytes = header(
        &[
            (9, &program),
            (3, b"reader"),
            (200, b"unknown"),
            (5, &words(&[0x1001_6000, 0x2004_0080])),
            (8, &[2, 0, 2, 0]),
            (10, &words(&[0x1002])),
        ],
        0x2000,
        1,
    );
    let parsed = parse_tbf_header(&bytes, 2).unwrap();
    let length = u32::from(parsed.length());
    assert!(parsed.is_app() && parsed.enabled() && parsed.has_program());
    assert_eq!(parsed.get_package_name(), Some("reader"));
    assert_eq!(parsed.get_protected_size(), length + 8);
    assert_eq!(parsed.get_init_function_offset(), length + 0x29);
    assert_eq!(parsed.get_minimum_app_ram_size(), 4096);
    assert_eq!(parsed.get_binary_end(), 0x1000);
    assert_eq!(parsed.get_binary_version(), 7);
    assert_eq!(parsed.get_fixed_address_ram(), Some(0x1001_6000));
    assert_eq!(parsed.get_fixed_address_flash(), Some(0x2004_0080));
    assert_eq!(parsed.get_kernel_version(), Some((2, 2)));
    assert_eq!(parsed.get_fixed_short_id().map(|id| id.get()), Some(0x1002));
}

#[test]
fn program_entry_wins_over_main() {
    let main = words(&[0, 0, 100]);
    let program = words(&[0, 0, 200, 0x100, 1]);
    let bytes = header(&[(1, &main), (9, &program)], 0x200, 1);
    let parsed = parse_tbf_header(&bytes, 2).unwrap();
    assert_eq!(parsed.get_minimum_app_ram_size(), 200);
    let bytes = header(&[(1, &main)], 0x200, 1);
    let parsed = parse_tbf_header(&bytes, 2).unwrap();
    assert_eq!(parsed.get_binary_end(), 0x200);
}

#[test]
fn of_several_programs_the_first_counts() {
    let main = words(&[0, 0, 100]);
    let program = words(&[0, 0, 200, 0x100, 1]);
    let bytes = header(
        &[(1, &main), (9, &program), (1, b"bad"), (9, &[0xFF; 20])],
        0x200,
        1,
    );
    let parsed = parse_tbf_header(&bytes, 2).unwrap();
    assert_eq!(parsed.get_minimum_app_ram_size(), 200);
    assert_eq!(parsed.get_binary_end(), 0x100);
}

#[test]
fn padding_and_data_only() {
    let padding = header(&[], 0x1000, 0);
    let parsed = parse_tbf_header(&padding, 2).unwrap();
    assert!(!parsed.is_app() && !parsed.enabled());
    let data = header(
        &[(3, b"model"), (5, &words(&[0xFFFF_FFFF, 0x2008_0040]))],
        0x1000,
        0,
    );
    let parsed = parse_tbf_header(&data, 2).unwrap();
    assert!(parsed.is_app() && !parsed.has_program() && !parsed.enabled());
    assert_eq!(parsed.get_fixed_address_ram(), None);
}

#[test]
fn every_single_bit_flip_in_the_header_is_noticed() {
    let program = words(&[0, 0, 4096, 0x100, 7]);
    let bytes = header(&[(9, &program), (3, b"ab")], 0x200, 1);
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(parse_tbf_header(&flipped, 2).is_err(), "bit {bit}");
    }
}

#[test]
fn truncation_at_any_byte_is_refused() {
    let program = words(&[0, 0, 4096, 0x100, 7]);
    let bytes = header(&[(9, &program), (3, b"abcd")], 0x200, 1);
    for length in 0..bytes.len() {
        assert!(parse_tbf_header(&bytes[..length], 2).is_err(), "{length}");
    }
}

#[test]
fn impossible_values_are_refused() {
    let refused = |kind: u16, value: &[u8]| {
        let bytes = header(&[(kind, value)], 0x200, 1);
        assert_eq!(
            parse_tbf_header(&bytes, 2).err(),
            Some(TbfParseError::BadTlvEntry(kind.into()))
        );
    };
    refused(9, &words(&[0, 0, 0, 0x201, 0])); // binary end past the TBF
    refused(9, &words(&[0, 0xFFFF_FFFF, 0, 0x200, 0])); // overflow
    refused(9, &words(&[0, 0x200, 0, 0x200, 0])); // protected past the binary
    refused(9, &words(&[0x200, 0, 0, 0x200, 0])); // entry past the binary
    refused(9, &words(&[0, 0, 0])); // length of a Main entry
    refused(2, &words(&[0x100, 0xFFFF_FFFF])); // region overflows
    refused(2, &words(&[0, 4])); // region over the header
    refused(5, &[0; 4]);
    refused(8, &[0; 8]);
    refused(10, &[0; 2]);
    let bytes = header(&[(3, &[0xC0, 0x80])], 0x200, 1);
    assert_eq!(
        parse_tbf_header(&bytes, 2).err(),
        Some(TbfParseError::BadProcessName)
    );
    assert_eq!(
        parse_tbf_header(&header(&[], 16, 0), 3).err(),
        Some(TbfParseError::UnsupportedVersion(3))
    );
}

#[test]
fn lengths() {
    assert_eq!(
        parse_tbf_header_lengths(&[0xFF; 8]),
        Err(InitialTbfParseError::UnableToParse)
    );
    assert_eq!(
        parse_tbf_header_lengths(&[2, 0, 0, 0, 0, 0, 0, 0]),
        Err(InitialTbfParseError::UnableToParse)
    );
    assert_eq!(
        parse_tbf_header_lengths(&[2, 0, 0xFF, 0xFF, 0, 1, 0, 0]),
        Err(InitialTbfParseError::InvalidHeader(0x100))
    );
    assert_eq!(
        parse_tbf_header_lengths(&[2, 0, 52, 0, 0, 1, 0, 0]),
        Ok((2, 52, 0x100))
    );
}

#[test]
fn writeable_regions() {
    let bytes = header(&[(2, &words(&[0x100, 0x40, 0x180, 0x80]))], 0x200, 1);
    let parsed = parse_tbf_header(&bytes, 2).unwrap();
    assert_eq!(parsed.number_writeable_flash_regions(), 2);
    assert_eq!(parsed.get_writeable_flash_region(1), (0x180, 0x80));
    assert_eq!(parsed.get_writeable_flash_region(2), (0, 0));
}

fn footer(kind: u16, length: u16, format: u32, data: usize) -> &'static [u8] {
    let mut bytes = Vec::new();
    bytes.extend(kind.to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend(format.to_le_bytes());
    bytes.resize(8 + data, 0x5A);
    bytes.leak()
}

#[test]
fn footers() {
    let (credential, length) = parse_tbf_footer(footer(128, 68, 6, 64)).unwrap();
    assert_eq!(
        credential.format(),
        TbfFooterV2CredentialsType::EcdsaNistP256
    );
    assert_eq!((credential.data().len(), length), (64, 68));
    let (reserved, length) = parse_tbf_footer(footer(128, 100, 0, 96)).unwrap();
    assert_eq!(reserved.format(), TbfFooterV2CredentialsType::Reserved);
    assert_eq!(length, 100);
    assert!(parse_tbf_footer(footer(128, 68, 6, 63)).is_err());
    assert!(parse_tbf_footer(footer(128, 64, 6, 64)).is_err());
    assert!(parse_tbf_footer(footer(128, 68, 9, 64)).is_err());
    assert!(parse_tbf_footer(footer(1, 68, 6, 64)).is_err());
    assert!(parse_tbf_footer(&[]).is_err());
}
