//! The kernel's own limits on this chip.

use crate::map;
use isolation::{Access, KernelRule as Rule, PlanError, UserMemory};
use riscv::pmp::{self, ProcessorEntries, UserRegions};

/// Process isolation on this chip.
pub type Mpu = pmp::Pmp<ProcessorEntries>;

/// Isolation that confines processes to the application parts of the map.
pub(crate) const fn mpu() -> Mpu {
    let limits = UserMemory::of_parts(map::APPLICATION_FLASH, map::APPLICATION_RAM);
    pmp::Pmp::new(UserRegions::new(ProcessorEntries), limits)
}

/// Binds machine mode until reset: it executes the kernel image alone, writes
/// main memory and its devices alone, and reads flash besides. Run it before
/// anything from outside the image is looked at.
pub fn lock_down() -> Result<(), PlanError> {
    let plan = pmp::plan(
        &[
            Rule::new(map::KERNEL_IMAGE, Access::ReadExecute),
            Rule::new(map::KERNEL_RAM, Access::ReadWrite),
        ],
        &[
            Rule::new(map::UART0, Access::ReadWrite),
            Rule::new(map::TIMER, Access::ReadWrite),
            Rule::new(map::PLIC, Access::ReadWrite),
            Rule::new(map::FLASH, Access::ReadOnly),
            Rule::new(map::RAM, Access::ReadWrite),
        ],
    )?;
    // SAFETY: the linker script puts code and constants in `KERNEL_IMAGE`,
    // stack and data in `KERNEL_RAM`; the devices are all that drivers use.
    unsafe { pmp::hardware::lock_down(&plan) }
}
