//! The kernel's MPU interface over any unit.

use crate::access::Access;
use crate::cover::Cover;
use crate::process::{Need, ProcessRegions};
use crate::span::Span;
use crate::user_memory::UserMemory;
use kernel::platform::mpu::{Permissions, Region, MPU};

/// The registers of a memory protection unit that belong to processes, with
/// room for a process's memory and `OTHERS` further regions.
pub trait Unit<const OTHERS: usize> {
    /// How it covers a process's memory.
    type Memory: Cover;
    /// How it covers anything else.
    type Other: Cover;

    /// Keeps `regions` ready for [`Unit::enable`], before which user mode must not
    /// run.
    fn load(&self, regions: &ProcessRegions<Self::Memory, Self::Other, OTHERS>);

    /// Gives user mode exactly the regions loaded last.
    fn enable(&self);

    /// Takes everything away from user mode.
    fn disable(&self);
}

/// Process isolation by a unit.
pub struct Protection<U, const OTHERS: usize> {
    unit: U,
    limits: UserMemory,
}

impl<U, const OTHERS: usize> Protection<U, OTHERS> {
    /// Isolation that confines every process to `limits`.
    pub const fn new(unit: U, limits: UserMemory) -> Self {
        Protection { unit, limits }
    }

    /// The unit.
    pub fn unit(&self) -> &U {
        &self.unit
    }
}

// SAFETY: `ProcessRegions` keeps every region inside `UserMemory`, apart from
// the others, and never writable and executable at once. `Unit::enable` gives
// user mode exactly those regions, and `Unit::disable` none.
unsafe impl<U: Unit<OTHERS>, const OTHERS: usize> MPU for Protection<U, OTHERS> {
    type MpuConfig = ProcessRegions<U::Memory, U::Other, OTHERS>;

    fn enable_app_mpu(&self) {
        self.unit.enable();
    }

    unsafe fn disable_app_mpu(&self) {
        self.unit.disable();
    }

    fn number_total_regions(&self) -> usize {
        1 + OTHERS
    }

    fn new_config(&self) -> Option<Self::MpuConfig> {
        Some(ProcessRegions::empty())
    }

    fn reset_config(&self, config: &mut Self::MpuConfig) {
        *config = ProcessRegions::empty();
    }

    fn allocate_region(
        &self,
        unallocated_memory_start: *const u8,
        unallocated_memory_size: usize,
        min_region_size: usize,
        permissions: Permissions,
        config: &mut Self::MpuConfig,
    ) -> Option<Region> {
        let available = Span::new(unallocated_memory_start.addr(), unallocated_memory_size)?;
        let access = Access::of(permissions)?;
        let span = config.add(available, min_region_size, access, &self.limits)?;
        let start = unallocated_memory_start.with_addr(span.start());
        Some(Region::new(start, span.length()))
    }

    fn remove_memory_region(&self, region: Region, config: &mut Self::MpuConfig) -> Result<(), ()> {
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
        config: &mut Self::MpuConfig,
    ) -> Option<(*const u8, usize)> {
        let available = Span::new(unallocated_memory_start.addr(), unallocated_memory_size)?;
        let need = Need {
            total: min_memory_size,
            accessible: initial_app_memory_size,
            reserved: initial_kernel_memory_size,
        };
        let access = Access::of(permissions)?;
        let block = config.add_memory(available, need, access, &self.limits)?;
        let start = unallocated_memory_start.with_addr(block.start());
        Some((start, block.length()))
    }

    fn update_app_memory_region(
        &self,
        app_memory_break: *const u8,
        kernel_memory_break: *const u8,
        permissions: Permissions,
        config: &mut Self::MpuConfig,
    ) -> Result<(), ()> {
        config.move_break(
            app_memory_break.addr(),
            kernel_memory_break.addr(),
            Access::of(permissions).ok_or(())?,
            &self.limits,
        )
    }

    unsafe fn configure_mpu(&self, config: &Self::MpuConfig) {
        self.unit.load(config);
    }
}
