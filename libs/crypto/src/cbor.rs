//! A check that bytes are one item of deterministically encoded CBOR (RFC 8949 section 4.2.1).
//!
//! Signed bytes have one meaning only if they have one encoding: shortest integers
//! and lengths, no indefinite lengths, map keys in ascending order and none twice.
//! A decoder that accepts more than that may run after this check, not instead of it.

mod reader;
mod writer;

use core::fmt;

pub use reader::Reader;
pub use writer::Writer;

/// How many arrays, maps and tags may enclose an item.
const MAX_DEPTH: u8 = 8;

/// The bytes are not what the format asks for; `at` is the offset of the first wrong one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Offset in bytes from the start of the input that was checked.
    pub at: usize,
}

impl Malformed {
    /// The same fault, for bytes that begin at `start` of a larger input.
    pub fn within(self, start: usize) -> Self {
        Malformed {
            at: start + self.at,
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed at byte {}", self.at)
    }
}

/// Checks that `bytes` are exactly one deterministically encoded item.
///
/// Only the types that our formats use are accepted: integers, byte and text
/// strings (valid UTF-8), arrays, maps, tags, `false`, `true` and `null`.
///
/// # Errors
/// [`Malformed`] with the offset of the first item that breaks a rule.
pub fn check_deterministic(bytes: &[u8]) -> Result<(), Malformed> {
    let end = item(bytes, 0, MAX_DEPTH)?;
    if end == bytes.len() {
        Ok(())
    } else {
        Err(Malformed { at: end })
    }
}

/// Major types, in the top three bits of an item's first byte.
mod major {
    pub const UNSIGNED: u8 = 0;
    pub const NEGATIVE: u8 = 1;
    pub const BYTES: u8 = 2;
    pub const TEXT: u8 = 3;
    pub const ARRAY: u8 = 4;
    pub const MAP: u8 = 5;
    pub const TAG: u8 = 6;
}

/// The offset just after the item that begins at `at`.
fn item(bytes: &[u8], at: usize, depth: u8) -> Result<usize, Malformed> {
    let (kind, argument, next) = head(bytes, at)?;
    let inner = depth.checked_sub(1).ok_or(Malformed { at });
    match kind {
        major::UNSIGNED | major::NEGATIVE => Ok(next),
        major::BYTES => Ok(string(bytes, at, argument, next)?.1),
        major::TEXT => {
            let (text, end) = string(bytes, at, argument, next)?;
            core::str::from_utf8(text).map_err(|_| Malformed { at })?;
            Ok(end)
        }
        major::ARRAY => {
            let mut end = next;
            for _ in 0..argument {
                end = item(bytes, end, inner?)?;
            }
            Ok(end)
        }
        major::MAP => map(bytes, argument, next, inner?),
        major::TAG => item(bytes, next, inner?),
        // False, true and null; floats and undefined have no place in our formats.
        _ if (20..=22).contains(&argument) && next == at + 1 => Ok(next),
        _ => Err(Malformed { at }),
    }
}

/// Walks a map's pairs; each key's encoding sorts after the one before it.
fn map(bytes: &[u8], pairs: u64, first: usize, depth: u8) -> Result<usize, Malformed> {
    let mut end = first;
    let mut previous: &[u8] = &[];
    for _ in 0..pairs {
        let after_key = item(bytes, end, depth)?;
        let key = bytes.get(end..after_key).ok_or(Malformed { at: end })?;
        if key <= previous {
            return Err(Malformed { at: end });
        }
        previous = key;
        end = item(bytes, after_key, depth)?;
    }
    Ok(end)
}

/// The content of a string whose head at `at` announced `length` bytes from `start`.
fn string(bytes: &[u8], at: usize, length: u64, start: usize) -> Result<(&[u8], usize), Malformed> {
    let length = usize::try_from(length).map_err(|_| Malformed { at })?;
    let end = start.checked_add(length).ok_or(Malformed { at })?;
    let content = bytes.get(start..end).ok_or(Malformed { at })?;
    Ok((content, end))
}

/// Major type, argument and the offset after the head; the argument in its shortest form.
fn head(bytes: &[u8], at: usize) -> Result<(u8, u64, usize), Malformed> {
    let malformed = Malformed { at };
    let first = *bytes.get(at).ok_or(malformed)?;
    let (kind, info) = (first >> 5, first & 0x1f);
    let (width, smallest) = match info {
        0..=23 => return Ok((kind, u64::from(info), at + 1)),
        24 => (1, 24),
        25 => (2, 1 << 8),
        26 => (4, 1 << 16),
        27 => (8, 1 << 32),
        _ => return Err(malformed),
    };
    let next = at + 1 + width;
    let argument = bytes
        .get(at + 1..next)
        .ok_or(malformed)?
        .iter()
        .fold(0, |value, byte| value << 8 | u64::from(*byte));
    if argument < smallest {
        return Err(malformed);
    }
    Ok((kind, argument, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused_at(bytes: &[u8]) -> usize {
        check_deterministic(bytes).unwrap_err().at
    }

    #[test]
    fn accepts_shortest_forms() {
        for bytes in [
            &[0x00][..],
            &[0x17],
            &[0x18, 24],
            &[0x19, 0x01, 0x00],
            &[0x1a, 0, 1, 0, 0],
            &[0x1b, 0, 0, 0, 1, 0, 0, 0, 0],
            &[0x3a, 0, 1, 0x11, 0x70],
            &[0xf4],
            &[0xd2, 0x80],
            &[0xa2, 0x01, 0x00, 0x20, 0x00],
        ] {
            assert_eq!(check_deterministic(bytes), Ok(()), "{bytes:02x?}");
        }
    }

    #[test]
    fn refuses_longer_forms() {
        assert_eq!(refused_at(&[0x18, 23]), 0);
        assert_eq!(refused_at(&[0x19, 0x00, 0xff]), 0);
        assert_eq!(refused_at(&[0x1a, 0, 0, 0xff, 0xff]), 0);
        assert_eq!(refused_at(&[0x81, 0x58, 1, 0]), 1);
    }

    #[test]
    fn refuses_indefinite_lengths_floats_and_reserved_values() {
        for bytes in [
            &[0x9f, 0xff][..],
            &[0x5f, 0xff],
            &[0xf9, 0, 0],
            &[0xf7],
            &[0xf8, 22],
            &[0x1c],
        ] {
            assert_eq!(refused_at(bytes), 0, "{bytes:02x?}");
        }
    }

    #[test]
    fn refuses_duplicate_and_unordered_keys() {
        assert_eq!(refused_at(&[0xa2, 0x01, 0x00, 0x01, 0x00]), 3);
        assert_eq!(refused_at(&[0xa2, 0x02, 0x00, 0x01, 0x00]), 3);
    }

    #[test]
    fn refuses_truncation_trailing_bytes_and_bad_text() {
        assert_eq!(refused_at(&[]), 0);
        assert_eq!(refused_at(&[0x82, 0x00]), 2);
        assert_eq!(refused_at(&[0x00, 0x00]), 1);
        assert_eq!(refused_at(&[0x61, 0xff]), 0);
        assert_eq!(
            refused_at(&[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            0
        );
    }

    #[test]
    fn refuses_deep_nesting_and_huge_counts() {
        assert_eq!(refused_at(&[0x81; 64]), usize::from(MAX_DEPTH));
        assert_eq!(
            refused_at(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            9
        );
    }
}
