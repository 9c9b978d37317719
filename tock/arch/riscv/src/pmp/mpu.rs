//! The kernel's MPU interface over the user entries.

use super::entry::Access;
use super::machine::USER_ENTRIES;
use super::process::{ProcessRegions, UserMemory, PROCESS_REGIONS};
use super::span::Span;
use core::cell::Cell;
use kernel::platform::mpu::{Permissions, Region, MPU};

/// The registers of the entries that belong to processes.
pub trait UserEntries {
    /// Writes every `pmpaddr`.
    fn set_addresses(&self, addresses: &[usize; USER_ENTRIES]);
    /// Writes every `pmpcfg` byte.
    fn set_configurations(&self, configurations: &[u8; USER_ENTRIES]);
}

/// Process isolation by PMP.
pub struct Pmp<E: UserEntries> {
    registers: E,
    limits: UserMemory,
    /// What [`MPU::enable_app_mpu`] turns on.
    staged: Cell<[u8; USER_ENTRIES]>,
}

impl<E: UserEntries> Pmp<E> {
    /// Isolation that confines every process to `limits`.
    pub const fn new(registers: E, limits: UserMemory) -> Self {
        Pmp {
            registers,
            limits,
            staged: Cell::new([0; USER_ENTRIES]),
        }
    }
}

/// What the kernel's permission means here; writable code does not exist.
fn access(permissions: Permissions) -> Option<Access> {
    match permissions {
        Permissions::ReadWriteExecute => None,
        Permissions::ReadWriteOnly => Some(Access::ReadWrite),
        Permissions::ReadExecuteOnly => Some(Access::ReadExecute),
        Permissions::ReadOnly => Some(Access::ReadOnly),
        Permissions::ExecuteOnly => Some(Access::ExecuteOnly),
    }
}

// SAFETY: `ProcessRegions` keeps every region inside `UserMemory`, apart from
// the others, and never writable and executable at once. `configure_mpu` writes
// all user entries, unused ones as zero, so user mode reaches exactly the
// regions of the configuration; `disable_app_mpu` turns all of them off, which
// gives machine mode its own rules back.
unsafe impl<E: UserEntries> MPU for Pmp<E> {
    type MpuConfig = ProcessRegions;

    fn enable_app_mpu(&self) {
        self.registers.set_configurations(&self.staged.get());
    }

    unsafe fn disable_app_mpu(&self) {
        self.registers.set_configurations(&[0; USER_ENTRIES]);
    }

    fn number_total_regions(&self) -> usize {
        PROCESS_REGIONS
    }

    fn new_config(&self) -> Option<ProcessRegions> {
        Some(ProcessRegions::empty())
    }

    fn reset_config(&self, config: &mut ProcessRegions) {
        *config = ProcessRegions::empty();
    }

    fn allocate_region(
        &self,
        unallocated_memory_start: *const u8,
        unallocated_memory_size: usize,
        min_region_size: usize,
        permissions: Permissions,
        config: &mut ProcessRegions,
    ) -> Option<Region> {
        let available = Span::new(unallocated_memory_start.addr(), unallocated_memory_size)?;
        let span = config.add(
            available,
            min_region_size,
            access(permissions)?,
            &self.limits,
        )?;
        let start = unallocated_memory_start.with_addr(span.start());
        Some(Region::new(start, span.length()))
    }

    fn remove_memory_region(&self, region: Region, config: &mut ProcessRegions) -> Result<(), ()> {
        let span = Span::new(region.start_address().addr(), region.size()).ok_or(())?;
        config.remove(span)
    }

    fn allocate_app_memory_region(
        &self,
        unallocated_memory_start: *const u8,
        unallocated_memory_size: usize,
        min_memory_size: usize,
        initial_app_memory_size: usize,
        initial_kernel_memory_size: usize,
        permissions: Permissions,
        config: &mut ProcessRegions,
    ) -> Option<(*const u8, usize)> {
        let available = Span::new(unallocated_memory_start.addr(), unallocated_memory_size)?;
        let block = config.add_memory(
            available,
            min_memory_size,
            initial_app_memory_size,
            initial_kernel_memory_size,
            access(permissions)?,
            &self.limits,
        )?;
        let start = unallocated_memory_start.with_addr(block.start());
        Some((start, block.length()))
    }

    fn update_app_memory_region(
        &self,
        app_memory_break: *const u8,
        kernel_memory_break: *const u8,
        permissions: Permissions,
        config: &mut ProcessRegions,
    ) -> Result<(), ()> {
        config.move_break(
            app_memory_break.addr(),
            kernel_memory_break.addr(),
            access(permissions).ok_or(())?,
            &self.limits,
        )
    }

    unsafe fn configure_mpu(&self, config: &ProcessRegions) {
        let entries = config.entries();
        // Off while the addresses change, so that no mixture of two processes'
        // regions is ever in force.
        self.registers.set_configurations(&[0; USER_ENTRIES]);
        self.registers
            .set_addresses(&entries.map(|entry| entry.address));
        self.staged.set(entries.map(|entry| entry.configuration));
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::Entry;
    use super::super::machine::ENTRIES;
    use super::super::model::{Model, Operation::*, Privilege::*};
    use super::*;

    const FLASH: usize = 0x2003_0000;
    const RAM: usize = 0x1000_6000;

    fn pmp() -> Pmp<Model> {
        let limits = UserMemory {
            flash: Span::new(FLASH, 0xd_0000).unwrap(),
            ram: Span::new(RAM, 0x1_a000).unwrap(),
        };
        Pmp::new(Model::new([Entry::default(); ENTRIES]), limits)
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
        let allowed = |at, operation| pmp.registers.allows(User, at, operation);
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
                assert!(!pmp.registers.allows(User, at, operation));
            }
        }
        assert!(pmp.registers.allows(User, RAM + 0x4000, Write));
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
        assert!(!pmp.registers.allows(User, RAM, Read));
        assert!(!pmp.registers.allows(User, FLASH, Execute));
    }

    #[test]
    fn writable_code_is_refused() {
        let pmp = pmp();
        let mut config = pmp.new_config().unwrap();
        for start in [FLASH, RAM] {
            assert!(pmp
                .allocate_region(
                    address(start),
                    64,
                    64,
                    Permissions::ReadWriteExecute,
                    &mut config
                )
                .is_none());
        }
    }
}
