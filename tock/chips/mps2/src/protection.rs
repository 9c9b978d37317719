//! The kernel's own limits on this chip.

use crate::map;
use cortexm4::mpu::{self, ProcessorRegions, UserRegions};
use isolation::{Access, KernelRule as Rule, PlanError, UserMemory};

/// Process isolation on this chip.
pub type Mpu = mpu::Mpu<ProcessorRegions>;

/// Isolation that confines processes to the application parts of the map.
pub(crate) const fn mpu() -> Mpu {
    let limits = UserMemory::of_parts(map::APPLICATION_FLASH, map::APPLICATION_RAM);
    mpu::Mpu::new(UserRegions::new(ProcessorRegions), limits)
}

/// Binds the kernel: it executes its image alone, writes main memory and its
/// devices alone, and reads flash besides. Run it before anything from outside
/// the image is looked at.
pub fn lock_down() -> Result<(), PlanError> {
    let plan = mpu::plan(
        &[
            Rule::new(map::KERNEL_IMAGE, Access::ReadExecute),
            Rule::new(map::KERNEL_RAM, Access::ReadWrite),
        ],
        &[
            Rule::new(map::FLASH, Access::ReadOnly),
            Rule::new(map::RAM, Access::ReadWrite),
            Rule::new(map::DEVICES, Access::ReadWrite),
        ],
    )?;
    // SAFETY: the linker script puts code and constants in `KERNEL_IMAGE`,
    // stack and data in `KERNEL_RAM`; the devices are all that drivers use.
    unsafe { mpu::hardware::lock_down(&plan) }
}
