//! The kernel's MPU interface over the regions of processes.

use super::cover::{One, Two};
use super::region::Region;
use core::cell::Cell;
use isolation::{Protection, Unit};

/// The first region that belongs to the running process.
pub(super) const FIRST_USER_REGION: usize = 3;
/// Regions that belong to the running process: two for its memory, and one each
/// for anything else.
pub(super) const USER_REGIONS: usize = 2 + OTHERS;
/// What a process can have besides its memory: its code.
const OTHERS: usize = 1;

/// What one process may touch.
pub type ProcessRegions = isolation::ProcessRegions<Two, One, OTHERS>;

/// Process isolation by MPU.
pub type Mpu<R> = Protection<UserRegions<R>, OTHERS>;

/// The registers of the regions that belong to processes.
pub trait UserRegionRegisters {
    /// Writes all of them. Each region has its number.
    fn set(&self, regions: &[Region; USER_REGIONS]);
}

/// The regions of the process that runs.
pub struct UserRegions<R> {
    registers: R,
    /// What [`Unit::enable`] turns on.
    staged: Cell<[Region; USER_REGIONS]>,
}

/// Regions that match nothing.
static NONE: [Region; USER_REGIONS] = numbered([Region::OFF; USER_REGIONS]);

const fn numbered([first, second, third]: [Region; USER_REGIONS]) -> [Region; USER_REGIONS] {
    [
        first.numbered(FIRST_USER_REGION),
        second.numbered(FIRST_USER_REGION + 1),
        third.numbered(FIRST_USER_REGION + 2),
    ]
}

impl<R: UserRegionRegisters> UserRegions<R> {
    /// No regions, in `registers`.
    pub const fn new(registers: R) -> Self {
        UserRegions {
            registers,
            staged: Cell::new(NONE),
        }
    }
}

impl<R: UserRegionRegisters> Unit<OTHERS> for UserRegions<R> {
    type Memory = Two;
    type Other = One;

    fn load(&self, regions: &ProcessRegions) {
        let memory = regions.memory().map(Two::regions);
        let [first, second] = memory.unwrap_or([Region::OFF; 2]);
        let [other] = *regions.others();
        let other = other.map_or(Region::OFF, |cover| cover.region());
        self.staged.set(numbered([first, second, other]));
    }

    fn enable(&self) {
        self.registers.set(&self.staged.get());
    }

    fn disable(&self) {
        self.registers.set(&NONE);
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{Model, Privilege::User};
    use super::super::plan::REGIONS;
    use super::*;
    use isolation::testing::{check_random_layouts, Board, Operation};
    use isolation::{Span, UserMemory};
    use kernel::platform::mpu::{Permissions, MPU};

    const FLASH: usize = 0x4_0000;
    const RAM: usize = 0x2000_7000;

    fn mpu() -> Mpu<Model> {
        let limits = UserMemory::of_parts((FLASH, 0xc_0000), (RAM, 0x3_9000));
        Mpu::new(UserRegions::new(Model::new([Region::OFF; REGIONS])), limits)
    }

    fn reaches(mpu: &Mpu<Model>, at: usize, operation: Operation) -> bool {
        mpu.unit().registers.allows(User, at, operation)
    }

    /// No rules of the kernel outrank or help the process's regions here.
    #[test]
    fn no_random_layout_lets_a_process_out() {
        let board = Board {
            user: UserMemory::of_parts((FLASH, 0xc_0000), (RAM, 0x3_9000)),
            others: [(0, 0x4_0000), (0x2000_0000, 0x7000), (0x4000_4000, 0x1000)]
                .map(Span::of_part)
                .into(),
        };
        check_random_layouts(&mpu(), &board, 100_000, reaches);
    }

    #[test]
    fn the_boards_processes_fit_where_they_are_linked() {
        let mpu = mpu();
        for (flash, flash_length, ram, ram_length) in [
            (0x4_0000, 0x1_0000, 0x2001_0000, 0x1_2000),
            (0x5_0000, 0x4000, 0x2002_8000, 0x4000),
            (0x5_8000, 0x8000, 0x2002_C000, 0x4000),
            (0x6_0000, 0x2000, 0x2003_0000, 0x8000),
        ] {
            let pointer = core::ptr::without_provenance;
            let mut config = mpu.new_config().unwrap();
            let code = mpu.allocate_region(
                pointer(flash),
                flash_length,
                flash_length,
                Permissions::ReadExecuteOnly,
                &mut config,
            );
            assert_eq!(code.map(|region| region.size()), Some(flash_length));
            let memory = mpu.allocate_app_memory_region(
                pointer(ram),
                0x2004_0000 - ram,
                ram_length,
                32,
                1024,
                Permissions::ReadWriteOnly,
                &mut config,
            );
            assert_eq!(memory, Some((pointer(ram), ram_length)));
        }
    }
}
