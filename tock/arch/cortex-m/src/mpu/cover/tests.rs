//! Covers of every alignment and size class.

use super::super::model::matches;
use super::*;
use isolation::testing::{lengths, ALIGNMENTS};

fn span(start: usize, length: usize) -> Span {
    Span::new(start, length).unwrap()
}

#[test]
fn one_region_covers_whole_eighths_at_every_alignment() {
    for alignment in ALIGNMENTS {
        let start = 0x2000_0000 + (1 << alignment);
        for length in lengths() {
            let wanted = span(start, length);
            // The smallest window around it, from the definition.
            let bits = (8..32)
                .find(|bits| start >> bits == (start + length - 1) >> bits)
                .unwrap();
            let eighth = 1usize << (bits - 3);
            let cover = One::tightest(wanted, usize::MAX, Access::ReadOnly);
            let Some(cover) = cover else {
                assert_ne!(start % eighth, 0, "{start:#x} {length:#x}");
                continue;
            };
            assert_eq!(start % eighth, 0);
            assert_eq!(cover.span().start(), start);
            assert_eq!(cover.span().end(), wanted.end().next_multiple_of(eighth));
            check([cover.region(), Region::OFF], cover.span());
        }
    }
}

#[test]
fn two_regions_are_as_tight_as_a_sixty_fourth() {
    for alignment in ALIGNMENTS {
        let start = 0x2000_0000 + (1 << alignment);
        for length in lengths() {
            let wanted = span(start, length);
            let one = One::tightest(wanted, usize::MAX, Access::ReadWrite);
            let two = Two::tightest(wanted, usize::MAX, Access::ReadWrite);
            assert_eq!(one.is_some(), two.is_some());
            let (Some(one), Some(two)) = (one, two) else {
                continue;
            };
            assert_eq!(two.span().start(), start);
            assert!(two.span().end() <= one.span().end());
            let spare = two.span().end() - wanted.end();
            let window = length.next_power_of_two().max(256) * 2;
            assert!(
                spare < (window / 64).max(LEAST_GRANULE),
                "{wanted:?} {two:?}"
            );
            check(two.regions(), two.span());
        }
    }
}

/// The regions match all of the span, by the processor's rules, and stop there.
fn check(regions: [Region; 2], span: Span) {
    let covered = |address| regions.iter().any(|region| matches(region, address));
    assert!(covered(span.start()) && covered(span.end() - 1));
    assert!(!covered(span.start() - 1) && !covered(span.end()));
    for part in 1..64 {
        assert!(covered(span.start() + span.length() * part / 64));
    }
}

#[test]
fn a_cover_keeps_to_its_limit() {
    let wanted = span(0x2001_0000, 0x1001);
    // Windows of 8 KiB: an eighth is 1 KiB. The byte left over takes 32.
    for (one, two, limit) in [
        (true, true, 0x2001_1400),
        (false, true, 0x2001_13ff),
        (false, true, 0x2001_1020),
        (false, false, 0x2001_101f),
    ] {
        let cover = One::tightest(wanted, limit, Access::ReadWrite);
        assert_eq!(cover.is_some(), one);
        let cover = Two::tightest(wanted, limit, Access::ReadWrite);
        assert_eq!(cover.is_some(), two);
    }
    let whole = span(0x2001_0000, 0x1000);
    assert!(Two::tightest(whole, 0x2001_0fff, Access::ReadWrite).is_none());
}

#[test]
fn places_for_any_length_can_be_covered_at_any_length() {
    for length in lengths().step_by(7) {
        for start in [0x2000_7000, 0x2000_7004, 0x2001_ffe0, 0x2003_0100] {
            let available = span(start, 0x400_0000);
            let place = Two::place(available, |granule| {
                assert!(granule >= LEAST_GRANULE);
                Some(length)
            })
            .unwrap();
            assert!(available.contains(place) && place.length() >= length);
            assert!(place.start() - start <= length.next_power_of_two().max(256));
            for part in (1..=place.length()).step_by(1 + place.length() / 50) {
                let first = span(place.start(), part);
                assert!(Two::tightest(first, usize::MAX, Access::ReadWrite).is_some());
            }
            // Exactly there it fits again.
            assert_eq!(Two::place(place, |_| Some(length)), Some(place));
        }
    }
}

#[test]
fn a_place_crosses_no_window() {
    // 1 KiB from 0x2000_0f80 would be in two windows of 1 KiB, and 0x180 is not
    // a multiple of an eighth of 2 KiB or more.
    let available = span(0x2000_0f80, 0x1000);
    let place = One::place(available, |_| Some(0x400));
    assert_eq!(place, Some(span(0x2000_1000, 0x400)));
    // From 0x2000_0e00 on, windows of 4 KiB and less are crossed as well, but
    // one of 8 KiB starts at 0x2000_0000 and has eighths of 1 KiB.
    let available = span(0x2000_0c00, 0x1000);
    let place = One::place(available, |_| Some(0x800));
    assert_eq!(place, Some(span(0x2000_0c00, 0x800)));
}

#[test]
fn what_does_not_fit_has_no_place() {
    let available = span(0x2000_0010, 0x400);
    assert_eq!(One::place(available, |_| Some(0x400)), None);
    assert_eq!(One::place(available, |_| None), None);
    assert_eq!(One::place(available, |_| Some(usize::MAX)), None);
    assert_eq!(Two::place(available, |_| Some(0)), None);
}

#[test]
fn execute_only_cannot_be_had() {
    let wanted = span(0x4_0000, 0x1000);
    assert!(One::tightest(wanted, usize::MAX, Access::ExecuteOnly).is_none());
    assert!(Two::tightest(wanted, usize::MAX, Access::ExecuteOnly).is_none());
}
