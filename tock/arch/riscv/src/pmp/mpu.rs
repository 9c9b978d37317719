//! The kernel's MPU interface over the user entries.

use super::entry::Entry;
use super::machine::USER_ENTRIES;
use super::process::{self, ProcessRegions, Range, OTHER_REGIONS};
use core::cell::Cell;
use isolation::{Protection, Unit};

/// Process isolation by PMP.
pub type Pmp<E> = Protection<UserRegions<E>, OTHER_REGIONS>;

/// The registers of the entries that belong to processes.
pub trait UserEntries {
    /// Writes every `pmpaddr`, of pairs of entries.
    fn set_addresses(&self, pairs: [&[Entry; 2]; USER_ENTRIES / 2]);
    /// Writes every `pmpcfg` byte.
    fn set_configurations(&self, configurations: Configurations);
}

/// The `pmpcfg` bytes of the entries that belong to processes, as the registers hold
/// them: four, and two.
#[derive(Clone, Copy, Debug)]
pub struct Configurations {
    /// Those of the first four entries, the first in the lowest byte.
    pub first: u32,
    /// Those of the other two.
    pub second: u16,
}

impl Configurations {
    /// Every entry matches nothing.
    const OFF: Configurations = Configurations {
        first: 0,
        second: 0,
    };

    fn of([[a, b], [c, d], [e, f]]: [&[Entry; 2]; USER_ENTRIES / 2]) -> Configurations {
        Configurations {
            first: u32::from_le_bytes([
                a.configuration,
                b.configuration,
                c.configuration,
                d.configuration,
            ]),
            second: u16::from_le_bytes([e.configuration, f.configuration]),
        }
    }
}

/// The regions of the process that runs.
pub struct UserRegions<E> {
    registers: E,
    /// What [`Unit::enable`] turns on.
    staged: Cell<Configurations>,
}

impl<E: UserEntries> UserRegions<E> {
    /// No regions, in `registers`.
    pub const fn new(registers: E) -> Self {
        UserRegions {
            registers,
            staged: Cell::new(Configurations::OFF),
        }
    }
}

impl<E: UserEntries> Unit<OTHER_REGIONS> for UserRegions<E> {
    type Memory = Range;
    type Other = Range;

    fn load(&self, regions: &ProcessRegions) {
        let pairs = process::entries(regions);
        // Off while the addresses change, so that no mixture of two processes'
        // regions is ever in force.
        self.disable();
        self.registers.set_addresses(pairs);
        self.staged.set(Configurations::of(pairs));
    }

    fn enable(&self) {
        self.registers.set_configurations(self.staged.get());
    }

    fn disable(&self) {
        self.registers.set_configurations(Configurations::OFF);
    }
}

#[cfg(test)]
mod tests {
    use super::super::machine::ENTRIES;
    use super::super::model::{Model, Privilege::User};
    use super::*;
    use isolation::testing::{check_random_layouts, Board, Operation, Operation::*};
    use isolation::{Span, UserMemory};
    use kernel::platform::mpu::{Permissions, MPU};

    const FLASH: usize = 0x2003_0000;
    const RAM: usize = 0x1000_6000;

    fn span(start: usize, length: usize) -> Span {
        Span::new(start, length).unwrap()
    }

    fn limits() -> UserMemory {
        UserMemory {
            flash: span(FLASH, 0xd_0000),
            ram: span(RAM, 0x1_a000),
        }
    }

    fn pmp() -> Pmp<Model> {
        let model = Model::new([Entry::default(); ENTRIES]);
        Pmp::new(UserRegions::new(model), limits())
    }

    fn reaches(pmp: &Pmp<Model>, at: usize, operation: Operation) -> bool {
        pmp.unit().registers.allows(User, at, operation)
    }

    fn address(value: usize) -> *const u8 {
        core::ptr::without_provenance(value)
    }

    fn process(pmp: &Pmp<Model>, flash: usize, ram: usize) -> ProcessRegions {
        let mut config = pmp.new_config().unwrap();
        pmp.allocate_region(
            address(flash),
            0x1000,
            0x1000,
            Permissions::ReadExecuteOnly,
            &mut config,
        )
        .unwrap();
        pmp.allocate_app_memory_region(
            address(ram),
            0x3000,
            0x3000,
            0x1000,
            0x400,
            Permissions::ReadWriteOnly,
            &mut config,
        )
        .unwrap();
        config
    }

    #[test]
    fn a_process_reaches_its_regions_and_not_one_byte_more() {
        let pmp = pmp();
        let config = process(&pmp, FLASH, RAM);
        // SAFETY: the model has no memory to endanger.
        unsafe { pmp.configure_mpu(&config) };
        pmp.enable_app_mpu();
        let allowed = |at, operation| reaches(&pmp, at, operation);
        assert!(allowed(FLASH, Execute) && allowed(FLASH + 0xfff, Read));
        assert!(!allowed(FLASH, Write) && !allowed(FLASH + 0x1000, Read));
        assert!(allowed(RAM, Write) && allowed(RAM + 0xfff, Read));
        assert!(!allowed(RAM, Execute) && !allowed(RAM + 0x1000, Read));
        assert!(!allowed(RAM - 1, Read) && !allowed(FLASH - 1, Execute));
    }

    #[test]
    fn a_switch_leaves_nothing_of_the_previous_process() {
        let pmp = pmp();
        let mut first = process(&pmp, FLASH, RAM);
        pmp.allocate_region(
            address(FLASH + 0x8000),
            0x40,
            0x40,
            Permissions::ReadOnly,
            &mut first,
        )
        .unwrap();
        let second = process(&pmp, FLASH + 0x1_0000, RAM + 0x4000);
        for config in [&first, &second] {
            // SAFETY: the model has no memory to endanger.
            unsafe { pmp.configure_mpu(config) };
            pmp.enable_app_mpu();
        }
        for at in [FLASH, FLASH + 0x8000, RAM] {
            for operation in [Read, Write, Execute] {
                assert!(!reaches(&pmp, at, operation));
            }
        }
        assert!(reaches(&pmp, RAM + 0x4000, Write));
    }

    #[test]
    fn nothing_is_reachable_while_disabled() {
        let pmp = pmp();
        let config = process(&pmp, FLASH, RAM);
        // SAFETY: the model has no memory to endanger.
        unsafe {
            pmp.configure_mpu(&config);
            pmp.enable_app_mpu();
            pmp.disable_app_mpu();
        }
        assert!(!reaches(&pmp, RAM, Read));
        assert!(!reaches(&pmp, FLASH, Execute));
    }

    #[test]
    fn no_random_layout_lets_a_process_out() {
        let board = Board {
            user: limits(),
            others: [
                span(0x2000_0000, 0x3_0000),
                span(0x1000_0000, 0x6000),
                span(0x4000_0000, 0x1000),
            ]
            .into(),
        };
        check_random_layouts(&pmp(), &board, 100_000, reaches);
    }
}
