//! The kernel's own limits on this chip.

use crate::map;
use riscv::pmp::{self, Access, MachineRule, PlanError, ProcessorEntries, Span, UserMemory};

/// Process isolation on this chip.
pub type Mpu = pmp::Pmp<ProcessorEntries>;

const fn span((start, length): (usize, usize)) -> Span {
    match Span::new(start, length) {
        Some(span) => span,
        None => panic!("the map holds an empty or wrapping span"),
    }
}

const fn rule(part: (usize, usize), access: Access) -> MachineRule {
    MachineRule {
        span: span(part),
        access,
    }
}

/// Isolation that confines processes to the application parts of the map.
pub(crate) const fn mpu() -> Mpu {
    let limits = UserMemory {
        flash: span(map::APPLICATION_FLASH),
        ram: span(map::APPLICATION_RAM),
    };
    pmp::Pmp::new(ProcessorEntries, limits)
}

/// Binds machine mode until reset: it executes the kernel image alone, writes
/// main memory and its devices alone, and reads flash besides. Run it before
/// anything from outside the image is looked at.
pub fn lock_down() -> Result<(), PlanError> {
    let plan = pmp::plan(
        &[
            rule(map::KERNEL_IMAGE, Access::ReadExecute),
            rule(map::KERNEL_RAM, Access::ReadWrite),
        ],
        &[
            rule(map::UART0, Access::ReadWrite),
            rule(map::TIMER, Access::ReadWrite),
            rule(map::PLIC, Access::ReadWrite),
            rule(map::FLASH, Access::ReadOnly),
            rule(map::RAM, Access::ReadWrite),
        ],
    )?;
    // SAFETY: the linker script puts code and constants in `KERNEL_IMAGE`,
    // stack and data in `KERNEL_RAM`; the devices are all that drivers use.
    unsafe { pmp::hardware::lock_down(&plan) }
}
