//! One PMP entry: the address and configuration registers' encoding
//! (privileged specification, "Physical Memory Protection"; Smepmp, truth table
//! for `mseccfg.MML` = 1).

use isolation::{Access, Span};

/// The R, W and X bits of a configuration byte.
const fn bits(access: Access) -> u8 {
    match access {
        Access::ReadOnly => 0b001,
        Access::ReadWrite => 0b011,
        Access::ReadExecute => 0b101,
        Access::ExecuteOnly => 0b100,
    }
}

/// Address-matching mode, in place in the configuration byte.
const TOP_OF_RANGE: u8 = 0b01 << 3;
const NATURALLY_ALIGNED: u8 = 0b11 << 3;
/// Under machine-mode lockdown a locked rule binds machine mode alone.
const LOCKED: u8 = 1 << 7;

/// The two registers of one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// `pmpaddr`: the address divided by four, plus size bits if naturally aligned.
    pub address: usize,
    /// `pmpcfg` byte; zero means that the entry matches nothing.
    pub configuration: u8,
}

impl Entry {
    /// An entry that matches nothing.
    pub const OFF: Entry = Entry {
        address: 0,
        configuration: 0,
    };

    /// Two entries that give user mode `access` to exactly `span`; its ends must
    /// be multiples of four.
    pub const fn user_range(span: Span, access: Access) -> [Entry; 2] {
        [
            Entry {
                address: span.start() >> 2,
                configuration: 0,
            },
            Entry {
                address: span.end() >> 2,
                configuration: bits(access) | TOP_OF_RANGE,
            },
        ]
    }

    /// As [`Entry::user_range`], for machine mode, locked until reset.
    pub const fn machine_range(span: Span, access: Access) -> [Entry; 2] {
        let [bottom, top] = Entry::user_range(span, access);
        [
            bottom,
            Entry {
                address: top.address,
                configuration: top.configuration | LOCKED,
            },
        ]
    }

    /// One entry that gives machine mode `access` to `span`, locked until reset.
    /// `None` unless the span is a power of two of at least eight bytes, aligned
    /// to its own length.
    pub const fn machine_aligned(span: Span, access: Access) -> Option<Entry> {
        let length = span.length();
        if length < 8 || !length.is_power_of_two() || !span.start().is_multiple_of(length) {
            return None;
        }
        Some(Entry {
            address: (span.start() >> 2) | ((length >> 3) - 1),
            configuration: bits(access) | NATURALLY_ALIGNED | LOCKED,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_encoding_both_writes_and_executes() {
        for access in [
            Access::ReadOnly,
            Access::ReadWrite,
            Access::ReadExecute,
            Access::ExecuteOnly,
        ] {
            assert_ne!(bits(access) & 0b110, 0b110);
            // R = 0 with W = 1 means "shared" to Smepmp.
            assert_ne!(bits(access) & 0b011, 0b010);
        }
    }

    #[test]
    fn naturally_aligned_encoding_follows_the_specification() {
        // Table "NAPOT range encoding": yyyy…y011 is 32 bytes.
        let span = Span::new(0x4000_0000, 32).unwrap();
        let entry = Entry::machine_aligned(span, Access::ReadWrite).unwrap();
        assert_eq!(entry.address, 0x1000_0000 | 0b011);
        assert_eq!(entry.configuration, 0x9b);
    }

    #[test]
    fn unaligned_spans_have_no_single_entry() {
        for (start, length) in [(0x1000, 24 * 1024), (0x1004, 0x1000), (0, 4)] {
            let span = Span::new(start, length).unwrap();
            assert_eq!(Entry::machine_aligned(span, Access::ReadOnly), None);
        }
    }
}
