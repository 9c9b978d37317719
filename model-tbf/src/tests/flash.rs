//! Packages are found in flash as TBFs, between programs and after damage.

use super::sample;
use crate::tbf::checksum;
use crate::writer::{DataTbf, TbfError};
use crate::{packages, Refusal};
use std::vec;
use std::vec::Vec;

fn wrapped(name: &str, body: &[u8]) -> Vec<u8> {
    let tbf = DataTbf {
        name,
        flash_address: 0x2008_0000,
        ram_address: 0x1000_6000,
    };
    tbf.wrap(body).unwrap()
}

/// A TBF with these flags and entries around `body`.
fn tbf(flags: u32, entries: &[u8], body: &[u8]) -> Vec<u8> {
    let header_length = 16 + entries.len();
    let mut bytes = vec![2, 0, header_length as u8, 0];
    bytes.extend_from_slice(&((header_length + body.len()) as u32).to_le_bytes());
    bytes.extend_from_slice(&flags.to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(entries);
    let sum = checksum(&bytes);
    bytes[12..16].copy_from_slice(&sum.to_le_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// A Main entry, which makes a TBF executable.
const MAIN: [u8; 16] = [1, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

#[test]
fn the_header_is_a_data_only_tbf() {
    let bytes = wrapped("model", &[0xee; 5]);
    // Base header 16, name 4 + 8, fixed addresses 4 + 8.
    assert_eq!(bytes[..8], [2, 0, 40, 0, 48, 0, 0, 0]);
    assert_eq!(bytes[8..12], [0; 4], "no flags");
    assert_eq!(&bytes[16..28], b"\x03\0\x05\0model\0\0\0");
    assert_eq!(bytes[28..32], [5, 0, 8, 0]);
    assert_eq!(bytes[32..36], 0x1000_6000u32.to_le_bytes());
    assert_eq!(bytes[36..40], 0x2008_0028u32.to_le_bytes());
    assert_eq!(&bytes[40..], b"\xee\xee\xee\xee\xee\0\0\0");
    let words = bytes[..40].chunks(4);
    let xor = words.fold(0, |sum, word| {
        sum ^ u32::from_le_bytes(word.try_into().unwrap())
    });
    assert_eq!(xor, 0, "the checksum completes the header");
}

#[test]
fn names_and_addresses_have_limits() {
    let wrap = |name, flash_address| {
        let tbf = DataTbf {
            name,
            flash_address,
            ram_address: 0,
        };
        tbf.wrap(&[0; 4]).err()
    };
    let longest = std::string::String::from("n").repeat(64);
    assert_eq!(wrap(&longest, 0), None);
    assert_eq!(wrap("", 0), Some(TbfError::InvalidName));
    let longer = longest.clone() + "n";
    assert_eq!(wrap(&longer, 0), Some(TbfError::InvalidName));
    assert_eq!(wrap("n", u32::MAX - 8), Some(TbfError::TooLong));
}

#[test]
fn packages_are_found_between_programs() {
    let package = sample::sealed_for(&[1]);
    let mut flash = tbf(1, &MAIN, &[0x13; 64]);
    // Padding, as tockloader writes it: a header and nothing else.
    flash.extend_from_slice(&tbf(0, &[], &[0; 16]));
    let first = flash.len();
    flash.extend_from_slice(&wrapped("model", &package));
    flash.extend_from_slice(&wrapped("other data", &[7; 40]));
    let second = flash.len();
    flash.extend_from_slice(&wrapped("model 2", &package));
    flash.extend_from_slice(&[0xff; 512]);

    let found: Vec<_> = packages(&flash).collect();
    assert_eq!(found.len(), 2);
    for ((offset, body), expected) in found.into_iter().zip([first, second]) {
        assert_eq!(offset, expected);
        assert!(sample::accept(body.unwrap()).is_ok());
    }
}

/// A4's trick: a program whose code begins with the magic is still a program.
#[test]
fn programs_are_no_packages() {
    let package = sample::sealed_for(&[1]);
    let flash = tbf(0, &MAIN, &package);
    assert_eq!(packages(&flash).count(), 0);
    let enabled = tbf(1, &[3, 0, 1, 0, b'n', 0, 0, 0], &package);
    assert_eq!(packages(&enabled).count(), 0);
}

#[test]
fn damaged_tbf_headers_are_reported_and_the_walk_goes_on() {
    let package = sample::sealed_for(&[1]);
    let mut flash = wrapped("model", &package);
    let second = flash.len();
    flash.extend_from_slice(&wrapped("model 2", &package));
    flash[20] ^= 1;
    let found: Vec<_> = packages(&flash)
        .map(|(offset, body)| (offset, body.map(|_| ())))
        .collect();
    assert_eq!(found, [(0, Err(Refusal::InvalidHeader)), (second, Ok(()))]);
}

#[test]
fn entries_that_do_not_fit_are_refused() {
    let package = sample::sealed_for(&[1]);
    let flash = tbf(0, &[3, 0, 200, 0, b'n', 0, 0, 0], &package);
    let found: Vec<_> = packages(&flash).map(|(_, body)| body.err()).collect();
    assert_eq!(found, [Some(Refusal::InvalidHeader)]);
}

#[test]
fn a_tbf_beyond_the_end_of_flash_is_truncated() {
    let mut flash = wrapped("model", &sample::sealed_for(&[1]));
    flash.truncate(flash.len() - 1);
    let found: Vec<_> = packages(&flash).map(|(_, body)| body.err()).collect();
    assert_eq!(found, [Some(Refusal::Truncated)]);
}

#[test]
fn erased_flash_holds_nothing() {
    assert_eq!(packages(&[0xff; 4096]).count(), 0);
    assert_eq!(packages(&[0; 4096]).count(), 0);
    assert_eq!(packages(&[]).count(), 0);
}
