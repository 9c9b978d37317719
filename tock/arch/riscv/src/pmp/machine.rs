//! The fixed rules that bind the kernel itself.

use super::entry::Entry;
use isolation::{KernelRule, PlanError};

/// Entries that the processor has (Ibex: 16).
pub const ENTRIES: usize = 16;
/// The first entry that belongs to the running process.
pub const FIRST_USER_ENTRY: usize = 4;
/// Entries that belong to the running process: two a region.
pub const USER_ENTRIES: usize = 6;
const FIRST_LOW_ENTRY: usize = FIRST_USER_ENTRY + USER_ENTRIES;

/// Lays out the machine's rules: `high` outrank every process region, `low` are
/// outranked by them. User entries are left empty.
pub fn plan(high: &[KernelRule], low: &[KernelRule]) -> Result<[Entry; ENTRIES], PlanError> {
    let mut entries = [Entry::default(); ENTRIES];
    let (before, rest) = entries.split_at_mut(FIRST_USER_ENTRY);
    place(high, before)?;
    place(low, &mut rest[FIRST_LOW_ENTRY - FIRST_USER_ENTRY..])?;
    Ok(entries)
}

fn place(rules: &[KernelRule], entries: &mut [Entry]) -> Result<(), PlanError> {
    let mut free = entries.iter_mut();
    let mut put = |entry| match free.next() {
        Some(slot) => {
            *slot = entry;
            Ok(())
        }
        None => Err(PlanError::TooManyRules),
    };
    for rule in rules {
        if !rule.span.start().is_multiple_of(4) || !rule.span.end().is_multiple_of(4) {
            return Err(PlanError::Inexact);
        }
        match Entry::machine_aligned(rule.span, rule.access) {
            Some(entry) => put(entry)?,
            None => {
                for entry in Entry::machine_range(rule.span, rule.access) {
                    put(entry)?;
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pmp::model::{Model, Privilege::*};
    use isolation::testing::{lengths, Operation::*, ALIGNMENTS};
    use isolation::Access;

    fn rule(start: usize, length: usize, access: Access) -> KernelRule {
        KernelRule::new((start, length), access)
    }

    fn board() -> [Entry; ENTRIES] {
        plan(
            &[
                rule(0x2000_0000, 192 << 10, Access::ReadExecute),
                rule(0x1000_0000, 24 << 10, Access::ReadWrite),
            ],
            &[
                rule(0x4000_0000, 0x1000, Access::ReadWrite),
                rule(0x4010_0000, 0x1000, Access::ReadWrite),
                rule(0x4800_0000, 4 << 20, Access::ReadWrite),
                rule(0x2000_0000, 1 << 20, Access::ReadOnly),
                rule(0x1000_0000, 128 << 10, Access::ReadWrite),
            ],
        )
        .unwrap()
    }

    #[test]
    fn the_kernel_has_what_it_needs_and_no_more() {
        let model = Model::new(board());
        let allowed = |address, operation| model.allows(Machine, address, operation);
        assert!(allowed(0x2000_0000, Execute) && allowed(0x2002_fffc, Read));
        assert!(!allowed(0x2000_0000, Write) && !allowed(0x2003_0000, Execute));
        assert!(allowed(0x2003_0000, Read) && !allowed(0x2003_0000, Write));
        for kernel_or_process in [0x1000_0000, 0x1000_5ffc, 0x1000_6000, 0x1001_fffc] {
            assert!(allowed(kernel_or_process, Read) && allowed(kernel_or_process, Write));
            assert!(!allowed(kernel_or_process, Execute));
        }
        for outside in [0, 0x0fff_fffc, 0x1002_0000, 0x2010_0000, 0x4004_0000] {
            assert!(!allowed(outside, Read) && !allowed(outside, Write));
        }
    }

    #[test]
    fn user_mode_has_nothing_before_a_process_runs() {
        let model = Model::new(board());
        for address in [
            0x1000_0000,
            0x1000_6000,
            0x2000_0000,
            0x2003_0000,
            0x4000_0000,
        ] {
            for operation in [Read, Write, Execute] {
                assert!(!model.allows(User, address, operation));
            }
        }
    }

    #[test]
    fn a_rule_of_any_alignment_and_size_binds_exactly_its_span() {
        for alignment in ALIGNMENTS {
            let start = 0x2000_0000 + (1 << alignment);
            for length in lengths().filter(|length| length.is_multiple_of(4)) {
                let rules = [rule(start, length, Access::ReadWrite)];
                let model = Model::new(plan(&rules, &[]).unwrap());
                let reaches = |at| model.allows(Machine, at, Write);
                let end = start + length;
                assert!(!reaches(start - 1) && !reaches(end));
                assert!(reaches(start) && reaches(end - 1));
                assert!((1..64).all(|part| reaches(start + length * part / 64)));
            }
        }
    }

    #[test]
    fn rules_that_do_not_fit_are_refused() {
        let range = rule(0x1000, 0x18, Access::ReadOnly);
        assert_eq!(plan(&[range; 3], &[]), Err(PlanError::TooManyRules));
        let odd = rule(0x1001, 0x18, Access::ReadOnly);
        assert_eq!(plan(&[], &[odd]), Err(PlanError::Inexact));
    }
}
