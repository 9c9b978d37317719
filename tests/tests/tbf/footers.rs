//! Footers: credentials, and what is none.

use end_to_end::tbf::{credential, format};

use crate::case::{program, unknown, Case, LOADED, UNSIGNED};

pub const FOOTERS: &[Case] = &[
    ("no-footer", |tbf| tbf.footers.clear(), UNSIGNED),
    (
        "binary-up-to-the-end",
        |tbf| program(tbf, 12, tbf.length() as u32),
        UNSIGNED,
    ),
    (
        "unknown-footer-first",
        |tbf| tbf.footers.insert(0, unknown(8)),
        UNSIGNED,
    ),
    (
        "unknown-footer-last",
        |tbf| tbf.footers.push(unknown(8)),
        LOADED,
    ),
    (
        "reserved-footer-first",
        |tbf| {
            tbf.footers
                .insert(0, credential(format::RESERVED, &[0; 32]))
        },
        LOADED,
    ),
    (
        "digest-footer-first",
        |tbf| tbf.footers.insert(0, credential(format::SHA256, &[0; 32])),
        LOADED,
    ),
    (
        "short-digest-footer-first",
        |tbf| tbf.footers.insert(0, credential(format::SHA256, &[0; 16])),
        UNSIGNED,
    ),
    (
        "credential-of-unknown-format-first",
        |tbf| tbf.footers.insert(0, credential(99, &[0; 64])),
        UNSIGNED,
    ),
    (
        "signature-of-60-bytes",
        |tbf| tbf.footers[0].1.truncate(64),
        UNSIGNED,
    ),
    (
        "signature-of-another",
        |tbf| tbf.footers[0].1[4..].fill(1),
        "credential 0 rejected",
    ),
    (
        "signature-of-another-first",
        |tbf| {
            tbf.footers
                .insert(0, credential(format::ECDSA_P256, &[1; 64]))
        },
        "credential 0 rejected",
    ),
    (
        "signature-of-another-last",
        |tbf| tbf.footers.push(credential(format::ECDSA_P256, &[1; 64])),
        LOADED,
    ),
];
