//! What booted, measured: the kernel, the rights table, and every application.
//!
//! The boot measurement is SHA-256 over the entries in order, each as the length of
//! its name in one byte, its name, and its SHA-256; a verifier recomputes it from
//! the entries of an attestation. Models are not among them: evidence names the
//! model by its manifest digest.

use crate::rights::Rights;
use anchorhold_crypto::digest::{sha256, Sha256};
use anchorhold_evidence::measurement::MAX_NAME;
use anchorhold_evidence::Measurement;
use core::cell::Cell;
use tock_tbf::parse::{parse_tbf_header, parse_tbf_header_lengths};
use tock_tbf::types::InitialTbfParseError;

/// Entries that an attestation can list: kernel, rights and six applications. More
/// are measured, but not listed.
pub const MAX_ENTRIES: usize = 8;

/// The measurements of this boot.
pub struct BootMeasurement {
    kernel: [&'static [u8]; 2],
    rights: &'static Rights,
    applications: &'static [u8],
    entries: Cell<[Option<Measurement<'static>>; MAX_ENTRIES]>,
    total: Cell<[u8; 32]>,
}

impl BootMeasurement {
    /// Will measure the kernel's image, its rights table, and the flash that
    /// applications are in. The image is given in two parts, because no slice
    /// begins at address 0, and some kernels do.
    pub const fn new(
        kernel: [&'static [u8]; 2],
        rights: &'static Rights,
        applications: &'static [u8],
    ) -> BootMeasurement {
        BootMeasurement {
            kernel,
            rights,
            applications,
            entries: Cell::new([None; MAX_ENTRIES]),
            total: Cell::new([0; 32]),
        }
    }

    /// Measures. Flash that no process can write stays as it was measured.
    #[inline(never)] // or every step of start-up would have the entries on its stack
    pub fn measure(&self) {
        let mut kernel = Sha256::new();
        self.kernel.iter().for_each(|part| kernel.update(part));
        let fixed = [
            Measurement {
                name: "kernel",
                digest: kernel.finish(),
            },
            Measurement {
                name: "rights",
                digest: self.rights.digest(),
            },
        ];
        let mut total = Sha256::new();
        let mut entries = [None; MAX_ENTRIES];
        let mut places = entries.iter_mut();
        for entry in fixed.into_iter().chain(Applications(self.applications)) {
            total.update(&[entry.name.len() as u8]);
            total.update(entry.name.as_bytes());
            total.update(&entry.digest);
            if let Some(place) = places.next() {
                *place = Some(entry);
            }
        }
        self.entries.set(entries);
        self.total.set(total.finish());
    }

    /// The boot measurement; zeros until [`BootMeasurement::measure`].
    pub fn total(&self) -> [u8; 32] {
        self.total.get()
    }

    /// What an attestation lists, in order.
    pub fn entries(&self) -> [Option<Measurement<'static>>; MAX_ENTRIES] {
        self.entries.get()
    }
}

/// The applications in flash, one TBF after the other, as the loader finds them.
/// Padding and TBFs that are not enabled, sealed models among them, do not run.
struct Applications(&'static [u8]);

impl Iterator for Applications {
    type Item = Measurement<'static>;

    fn next(&mut self) -> Option<Measurement<'static>> {
        loop {
            let lengths = parse_tbf_header_lengths(self.0.first_chunk()?);
            let (version, header_length, length) = match lengths {
                Ok((version, header, length)) => (version, usize::from(header), length),
                Err(InitialTbfParseError::InvalidHeader(length)) => (0, 0, length),
                Err(InitialTbfParseError::UnableToParse) => return None,
            };
            let (tbf, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
            if tbf.is_empty() {
                return None;
            }
            self.0 = rest;
            let header = tbf
                .get(..header_length)
                .and_then(|header| parse_tbf_header(header, version).ok());
            if let Some(header) = header.filter(|header| header.is_app() && header.enabled()) {
                return Some(Measurement {
                    name: shortened(header.get_package_name().unwrap_or("")),
                    digest: sha256(tbf),
                });
            }
        }
    }
}

/// The first [`MAX_NAME`] bytes of a name. One that a terminal would not just show is
/// not passed on: whoever installs an application chooses it.
fn shortened(name: &str) -> &str {
    if !name.bytes().all(|byte| byte.is_ascii_graphic()) {
        return "(unnamed)";
    }
    // In ASCII, any place is between two characters.
    name.get(..MAX_NAME).unwrap_or(name)
}
