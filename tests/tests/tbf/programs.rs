//! The entries of a header that say what to run, where, and on which kernel.

use end_to_end::tbf::{kind, Tbf};

use crate::case::{program, region, regions, Case, LOADED, NOTHING, UNSIGNED};

pub const PROGRAMS: &[Case] = &[
    ("without-main", |tbf| tbf.remove(kind::MAIN), LOADED),
    ("without-program", |tbf| tbf.remove(kind::PROGRAM), UNSIGNED),
    (
        "without-main-and-program",
        |tbf| {
            tbf.remove(kind::MAIN);
            tbf.remove(kind::PROGRAM);
        },
        NOTHING,
    ),
    ("without-name", |tbf| tbf.remove(kind::PACKAGE_NAME), LOADED),
    (
        "without-short-id",
        |tbf| tbf.remove(kind::SHORT_ID),
        "loaded: credential accepted, ShortId unique",
    ),
    (
        "without-kernel-version",
        |tbf| tbf.remove(kind::KERNEL_VERSION),
        "does not name a kernel version",
    ),
    ("kernel-2.0", |tbf| kernel(tbf, 2, 0), LOADED),
    ("kernel-2.99", |tbf| kernel(tbf, 2, 99), "needs kernel 2.99"),
    ("kernel-1.0", |tbf| kernel(tbf, 1, 0), "needs kernel 1.0"),
    ("kernel-3.0", |tbf| kernel(tbf, 3, 0), "needs kernel 3.0"),
    (
        "main-of-8-bytes",
        |tbf| tbf.entry(kind::MAIN).truncate(8),
        "entry of type 1 is malformed",
    ),
    (
        "program-of-16-bytes",
        |tbf| tbf.entry(kind::PROGRAM).truncate(16),
        "entry of type 9 is malformed",
    ),
    (
        "addresses-of-4-bytes",
        |tbf| tbf.entry(kind::FIXED_ADDRESSES).truncate(4),
        "entry of type 5 is malformed",
    ),
    (
        "kernel-version-of-2-bytes",
        |tbf| tbf.entry(kind::KERNEL_VERSION).truncate(2),
        "entry of type 8 is malformed",
    ),
    (
        "short-id-of-8-bytes",
        |tbf| tbf.entry(kind::SHORT_ID).resize(8, 0),
        "entry of type 10 is malformed",
    ),
    (
        "name-that-is-no-text",
        |tbf| tbf.entry(kind::PACKAGE_NAME)[0] = 0xFF,
        "package name is not UTF-8",
    ),
    (
        "flash-address-of-another",
        |tbf| tbf.entry(kind::FIXED_ADDRESSES)[5] ^= 1,
        "built for",
    ),
    (
        "ram-address-0",
        |tbf| tbf.entry(kind::FIXED_ADDRESSES)[..4].fill(0),
        "built for",
    ),
    (
        "more-ram-than-there-is",
        |tbf| program(tbf, 8, 0x0100_0000),
        "not enough memory",
    ),
    (
        "writeable-regions-of-7-bytes",
        |tbf| regions(tbf, &[0; 7]),
        "entry of type 2 is malformed",
    ),
    (
        "writeable-region-behind-all",
        |tbf| regions(tbf, &region(256, 0x0100_0000)),
        "entry of type 2 is malformed",
    ),
    (
        "writeable-region-of-the-header",
        |tbf| regions(tbf, &region(0, 16)),
        "entry of type 2 is malformed",
    ),
    (
        "protected-longer-than-all",
        |tbf| program(tbf, 4, tbf.length() as u32 + 4),
        "entry of type 9 is malformed",
    ),
    (
        "first-function-behind-all",
        |tbf| program(tbf, 0, tbf.length() as u32 + 4),
        "entry of type 9 is malformed",
    ),
    (
        "second-program-with-another-end",
        |tbf| {
            let mut second = tbf.entry(kind::PROGRAM).clone();
            second[12..16].fill(0xFF);
            tbf.entries.push((kind::PROGRAM, second));
        },
        LOADED,
    ),
    (
        "binary-ends-behind-all",
        |tbf| program(tbf, 12, tbf.length() as u32 + 4),
        "entry of type 9 is malformed",
    ),
];

fn kernel(tbf: &mut Tbf, major: u16, minor: u16) {
    let version = [major.to_le_bytes(), minor.to_le_bytes()].concat();
    *tbf.entry(kind::KERNEL_VERSION) = version;
}
