//! The sealed model package: format, reader (device and host) and writer (host).
//!
//! A package is the body of a data-only TBF: a header, the publisher's signed
//! [`Manifest`], a [`Ticket`] for each device with the wrapped content key, and the
//! encrypted plan in tiles. Reading goes in steps, each a type of its own, so that
//! nothing can be used before it is checked:
//!
//! 1. [`tbf::packages`] finds packages in a region of flash;
//! 2. [`Package::parse`] checks the structure;
//! 3. [`Package::verify`] checks the publisher's signature and reads the manifest;
//! 4. [`VerifiedPackage::unwrap_content_key`] opens the device's ticket;
//! 5. [`VerifiedPackage::check_tiles`] authenticates and compares the whole plan, and
//!    [`VerifiedPackage::decrypt_tile`] hands out one tile.
//!
//! Every reason to refuse is a [`Refusal`]. The bytes are described in
//! `docs/formats/model-package.md` and `model-manifest.cddl`.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(any(test, feature = "std"))]
extern crate std;

pub mod golden;
pub mod header;
pub mod labels;
pub mod manifest;
pub mod package;
pub mod refusal;
pub mod tbf;
pub mod ticket;
mod tile;
pub mod verified;
#[cfg(any(test, feature = "std"))]
pub mod writer;

pub use labels::Labels;
pub use manifest::{BoardNeeds, Golden, Manifest};
pub use package::Package;
pub use refusal::Refusal;
pub use tbf::packages;
pub use ticket::Ticket;
pub use verified::VerifiedPackage;

#[cfg(test)]
mod tests;
