//! Finds packages in flash: data-only TBFs (Tock Binary Format version 2) in a chain.
//!
//! A data-only TBF has no Main and no Program entry and is not enabled, so a kernel
//! skips it, and it carries a name and fixed addresses, so `tockloader` lists it and
//! leaves it in place.

use crate::header::MAGIC;
use crate::refusal::Refusal;

/// The TBF version that exists.
pub(crate) const VERSION: u16 = 2;
/// Length of the fixed part of a TBF header, in bytes.
pub(crate) const BASE_LEN: usize = 16;
/// Flag of an application that the kernel starts.
const FLAG_ENABLED: u32 = 1;

/// Types of the TBF header entries that make an executable (Tock's TBF document).
mod entry {
    pub const MAIN: u16 = 1;
    pub const PROGRAM: u16 = 9;
}

/// The packages in `flash`, a region that begins with a TBF.
///
/// Walks the chain of TBFs as a kernel does, to the first that has no valid length.
/// Executable TBFs and other data are passed over. An item is a TBF's offset in
/// `flash` and its body, or why a body that starts like a package cannot be read:
/// [`Refusal::InvalidHeader`] for a TBF header with a wrong checksum or broken entries,
/// [`Refusal::Truncated`] for a TBF that goes on beyond the end of `flash`.
pub fn packages(flash: &[u8]) -> Packages<'_> {
    Packages { flash, next: 0 }
}

/// See [`packages`].
pub struct Packages<'a> {
    flash: &'a [u8],
    next: usize,
}

impl<'a> Iterator for Packages<'a> {
    type Item = (usize, Result<&'a [u8], Refusal>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let offset = self.next;
            let rest = self.flash.get(offset..)?;
            let (header_length, total_length) = lengths(rest)?;
            self.next = offset.saturating_add(total_length);
            let looks_like_a_package = rest
                .get(header_length..)
                .is_some_and(|body| body.starts_with(&MAGIC));
            if !looks_like_a_package {
                continue;
            }
            let Some(tbf) = rest.get(..total_length) else {
                return Some((offset, Err(Refusal::Truncated)));
            };
            let Some((header, body)) = tbf.split_at_checked(header_length) else {
                continue;
            };
            if let Err(refusal) = check(header) {
                return Some((offset, Err(refusal)));
            }
            if is_data_only(header) {
                return Some((offset, Ok(body)));
            }
        }
    }
}

/// Header length and total length, if `bytes` begin with a TBF.
fn lengths(bytes: &[u8]) -> Option<(usize, usize)> {
    let header_length = usize::from(u16_at(bytes, 2)?);
    let total_length = usize::try_from(u32_at(bytes, 4)?).ok()?;
    let plausible = u16_at(bytes, 0)? == VERSION
        && header_length >= BASE_LEN
        && header_length.is_multiple_of(4)
        && header_length <= total_length;
    plausible.then_some((header_length, total_length))
}

/// Whether a kernel would not start this TBF.
fn is_data_only(header: &[u8]) -> bool {
    let enabled = u32_at(header, 8).is_some_and(|flags| flags & FLAG_ENABLED != 0);
    let executable = Entries::of(header)
        .flatten()
        .any(|(kind, _)| kind == entry::MAIN || kind == entry::PROGRAM);
    !enabled && !executable
}

/// Checks the checksum and that the entries fill the header.
fn check(header: &[u8]) -> Result<(), Refusal> {
    let entries_fit = Entries::of(header).all(|entry| entry.is_some());
    if u32_at(header, 12) == Some(checksum(header)) && entries_fit {
        Ok(())
    } else {
        Err(Refusal::InvalidHeader)
    }
}

/// XOR of the header's words, the checksum's own left out.
pub(crate) fn checksum(header: &[u8]) -> u32 {
    let (words, _) = header.as_chunks::<4>();
    words
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != 3)
        .fold(0, |sum, (_, word)| sum ^ u32::from_le_bytes(*word))
}

/// The entries of a header: type and content. `None`, once, where one does not fit.
struct Entries<'a>(&'a [u8]);

impl<'a> Entries<'a> {
    fn of(header: &'a [u8]) -> Self {
        Entries(header.get(BASE_LEN..).unwrap_or(&[]))
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Option<(u16, &'a [u8])>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let rest = core::mem::take(&mut self.0);
        let read = || {
            let kind = u16_at(rest, 0)?;
            let length = usize::from(u16_at(rest, 2)?);
            let content = rest.get(4..4 + length)?;
            let padded = rest.get(4 + length.next_multiple_of(4)..)?;
            Some((kind, content, padded))
        };
        let Some((kind, content, padded)) = read() else {
            return Some(None);
        };
        self.0 = padded;
        Some(Some((kind, content)))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|bytes| u32::from_le_bytes(*bytes))
}
