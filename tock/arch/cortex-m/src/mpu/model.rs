//! A model of the processor's check, from the reference manual, to test plans
//! with (Arm DDI 0403, B3.5: pseudocode `ValidateAddress` and `CheckPermission`,
//! with `PRIVDEFENA` = 0).

use super::plan::REGIONS;
use super::region::Region;
use super::unit::{UserRegionRegisters, FIRST_USER_REGION, USER_REGIONS};
use core::cell::Cell;
use isolation::testing::Operation;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Privilege {
    User,
    Privileged,
}

pub struct Model {
    regions: [Cell<Region>; REGIONS],
}

impl Model {
    pub fn new(regions: [Region; REGIONS]) -> Self {
        Model {
            regions: regions.map(Cell::new),
        }
    }

    /// Whether a one-byte access passes.
    pub fn allows(&self, privilege: Privilege, address: usize, operation: Operation) -> bool {
        let regions = self.regions.iter().rev().map(Cell::get);
        let mut matching = regions.filter(|region| matches(region, address));
        matching
            .next()
            .is_some_and(|region| permits(&region, privilege, operation))
    }
}

/// Whether an enabled region and, in it, an eighth that is not left out contain
/// the address.
pub fn matches(region: &Region, address: usize) -> bool {
    let bits = (region.attributes >> 1 & 0x1f) + 1;
    assert!(region.attributes & 1 == 0 || bits >= 5, "UNPREDICTABLE");
    let base = region.base as usize & !0x1f;
    let window = base >> bits;
    if region.attributes & 1 == 0 || address >> bits != window {
        return false;
    }
    assert_eq!(window << bits, base, "UNPREDICTABLE");
    let left_out = region.attributes >> 8 & 0xff;
    let eighth = address >> (bits - 3) & 0b111;
    assert!(bits >= 8 || left_out == 0, "UNPREDICTABLE");
    left_out >> eighth & 1 == 0
}

fn permits(region: &Region, privilege: Privilege, operation: Operation) -> bool {
    let (privileged, user) = match region.attributes >> 24 & 0b111 {
        0b001 => ("rw", ""),
        0b010 => ("rw", "r"),
        0b011 => ("rw", "rw"),
        0b101 => ("r", ""),
        0b110 | 0b111 => ("r", "r"),
        _ => ("", ""),
    };
    let never_execute = region.attributes >> 28 & 1 != 0;
    assert!(never_execute || !privileged.contains('w'), "writable code");
    let allowed = match privilege {
        Privilege::User => user,
        Privilege::Privileged => privileged,
    };
    match operation {
        Operation::Read => allowed.contains('r'),
        Operation::Write => allowed.contains('w'),
        Operation::Execute => allowed.contains('r') && !never_execute,
    }
}

impl UserRegionRegisters for Model {
    fn set(&self, regions: &[Region; USER_REGIONS]) {
        let users = self.regions.iter().enumerate().skip(FIRST_USER_REGION);
        for ((number, cell), region) in users.zip(regions) {
            assert_eq!(region.base & 0x1f, 1 << 4 | number as u32);
            cell.set(*region);
        }
    }
}
