//! The fixed part of a header, and entries that nobody knows.

use end_to_end::tbf::{kind, Tbf};

use crate::case::{unknown, Case, LOADED, NOTHING};

pub const HEADERS: &[Case] = &[
    ("as-it-was", |_| {}, LOADED),
    (
        "unknown-entry-first",
        |tbf| tbf.entries.insert(0, unknown(4)),
        LOADED,
    ),
    (
        "unknown-entry-last",
        |tbf| tbf.entries.push(unknown(4)),
        LOADED,
    ),
    (
        "unknown-entry-of-0-bytes",
        |tbf| tbf.entries.push(unknown(0)),
        LOADED,
    ),
    (
        "unknown-entry-of-1-byte",
        |tbf| tbf.entries.insert(1, unknown(1)),
        LOADED,
    ),
    (
        "unknown-entry-of-7-bytes",
        |tbf| tbf.entries.insert(1, unknown(7)),
        LOADED,
    ),
    (
        "two-unknown-entries",
        |tbf| tbf.entries.extend([unknown(4), unknown(4)]),
        LOADED,
    ),
    (
        "entry-longer-than-header",
        |tbf| long_entry(tbf, 8),
        "header or footer is cut short",
    ),
    (
        "entry-longer-than-all",
        |tbf| long_entry(tbf, 0xFFFC),
        "header or footer is cut short",
    ),
    (
        "checksum-of-0",
        |tbf| tbf.checksum = Some(0),
        "checksum is 0x0, should be",
    ),
    ("version-1", |tbf| tbf.version = 1, NOTHING),
    ("version-3", |tbf| tbf.version = 3, NOTHING),
    (
        "header-of-12-bytes",
        |tbf| tbf.header_size = Some(12),
        "header or footer is cut short",
    ),
    (
        "header-of-102-bytes",
        |tbf| tbf.rest_of_header = vec![0; 2],
        "header or footer is cut short",
    ),
    (
        "header-longer-than-all",
        |tbf| tbf.header_size = Some(0xFFFC),
        "header or footer is cut short",
    ),
    (
        "longer-than-flash",
        |tbf| tbf.total_size = Some(0x0100_0000),
        NOTHING,
    ),
    (
        "longer-than-all-addresses",
        |tbf| tbf.total_size = Some(u32::MAX),
        NOTHING,
    ),
    ("length-0", |tbf| tbf.total_size = Some(0), NOTHING),
    ("length-12", |tbf| tbf.total_size = Some(12), NOTHING),
    (
        "length-odd",
        |tbf| tbf.total_size = Some(tbf.length() as u32 + 1),
        "flash cannot be protected",
    ),
    (
        "length-even",
        |tbf| tbf.total_size = Some(tbf.length() as u32 + 2),
        "flash cannot be protected",
    ),
    ("disabled", |tbf| tbf.flags = 0, NOTHING),
    ("unknown-flags", |tbf| tbf.flags = 0xFFFF_FF01, LOADED),
];

/// An entry that says that it has `length` bytes and has 4.
fn long_entry(tbf: &mut Tbf, length: u16) {
    let [low, high] = length.to_le_bytes();
    let [a, b] = kind::UNKNOWN.to_le_bytes();
    tbf.rest_of_header = vec![a, b, low, high, 0, 0, 0, 0];
}
