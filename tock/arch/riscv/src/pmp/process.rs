//! Processes' regions in entries: pairs that hold any range of whole words.

use super::entry::Entry;
use super::machine::USER_ENTRIES;
use isolation::{Access, Cover, Span};

/// Regions that a process can have besides its memory.
pub const OTHER_REGIONS: usize = USER_ENTRIES / 2 - 1;

/// What one process may touch.
pub type ProcessRegions = isolation::ProcessRegions<Range, Range, OTHER_REGIONS>;

/// Granularity of every range, in bytes.
const GRANULE: usize = 4;

/// A range of whole words, which takes two entries.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    span: Span,
    access: Access,
    /// Made once, because they are written whenever a process is entered.
    entries: [Entry; 2],
}

impl Cover for Range {
    fn tightest(wanted: Span, limit: usize, access: Access) -> Option<Self> {
        let span = Span::between(wanted.start(), round_up(wanted.end())?)?;
        let exact = span.start().is_multiple_of(GRANULE) && span.end() <= limit;
        exact.then(|| Range {
            span,
            access,
            entries: Entry::user_range(span, access),
        })
    }

    fn place(available: Span, length: impl Fn(usize) -> Option<usize>) -> Option<Span> {
        let start = round_up(available.start())?;
        let place = Span::new(start, round_up(length(GRANULE)?)?)?;
        available.contains(place).then_some(place)
    }

    fn span(&self) -> Span {
        self.span
    }

    fn access(&self) -> Access {
        self.access
    }
}

fn round_up(address: usize) -> Option<usize> {
    address.checked_next_multiple_of(GRANULE)
}

/// The entries of a process, pair by pair; those of unused regions match nothing.
pub(super) fn entries(regions: &ProcessRegions) -> [&[Entry; 2]; USER_ENTRIES / 2] {
    let [second, third] = regions.others();
    [
        pair(regions.memory()),
        pair(second.as_ref()),
        pair(third.as_ref()),
    ]
}

fn pair(range: Option<&Range>) -> &[Entry; 2] {
    const OFF: [Entry; 2] = [Entry::OFF; 2];
    range.map_or(&OFF, |range| &range.entries)
}

#[cfg(test)]
mod tests {
    use super::super::machine::{ENTRIES, FIRST_USER_ENTRY};
    use super::super::model::{Model, Privilege::User};
    use super::*;
    use isolation::testing::{lengths, Operation, ALIGNMENTS};

    fn range(start: usize, end: usize, limit: usize) -> Option<(usize, usize)> {
        let wanted = Span::between(start, end)?;
        let range = Range::tightest(wanted, limit, Access::ReadOnly)?;
        Some((range.span().start(), range.span().end()))
    }

    #[test]
    fn a_range_starts_exactly_and_ends_within_a_word() {
        for length in 1..64 {
            let end = 0x1000 + length;
            let covered = range(0x1000, end, 0x2000).unwrap();
            assert!(covered.0 == 0x1000 && (end..end + GRANULE).contains(&covered.1));
        }
        for start in [0x1001, 0x1002, 0x1003] {
            assert_eq!(range(start, 0x1010, 0x2000), None);
        }
    }

    #[test]
    fn a_region_of_any_alignment_and_size_is_reached_exactly() {
        for alignment in ALIGNMENTS {
            let start = 0x2000_0000 + (1 << alignment);
            for length in lengths() {
                let wanted = Span::new(start, length).unwrap();
                let range = Range::tightest(wanted, usize::MAX, Access::ReadWrite).unwrap();
                let end = wanted.end().next_multiple_of(GRANULE);
                assert_eq!(range.span(), Span::between(start, end).unwrap());
                let mut entries = [Entry::OFF; ENTRIES];
                entries[FIRST_USER_ENTRY..][..2].copy_from_slice(&range.entries);
                let model = Model::new(entries);
                let reaches = |at| model.allows(User, at, Operation::Write);
                assert!(!reaches(start - 1) && !reaches(end));
                assert!(reaches(start) && reaches(end - 1));
                assert!((1..64).all(|part| reaches(start + (end - start) * part / 64)));
            }
        }
    }

    #[test]
    fn a_range_keeps_to_its_limit() {
        assert_eq!(range(0x1000, 0x1005, 0x1008), Some((0x1000, 0x1008)));
        assert_eq!(range(0x1000, 0x1005, 0x1007), None);
        assert_eq!(range(0x1000, usize::MAX, usize::MAX), None);
    }

    #[test]
    fn a_place_is_made_of_whole_words() {
        let place = |start, length, wanted| {
            let available = Span::new(start, length).unwrap();
            Range::place(available, |granule| {
                assert_eq!(granule, GRANULE);
                Some(wanted)
            })
        };
        assert_eq!(place(0x1001, 0x20, 5), Span::new(0x1004, 8));
        assert_eq!(place(0x1001, 0xa, 5), None);
        assert_eq!(place(0x1000, 8, usize::MAX), None);
    }
}
