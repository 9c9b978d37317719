//! Writing plans into the processor.

use super::plan::REGIONS;
use super::region::Region;
use super::unit::{UserRegionRegisters, USER_REGIONS};
use crate::barrier;
use core::arch::asm;
use isolation::PlanError;
use kernel::utilities::StaticRef;
use tock_registers::interfaces::{Readable, Writeable};
use tock_registers::registers::{ReadOnly, ReadWrite};
use tock_registers::{register_bitfields, register_structs};

register_structs! {
    /// Registers of the MPU (Arm DDI 0403, table B3-11).
    MpuRegisters {
        (0x00 => kind: ReadOnly<u32, Kind::Register>),
        (0x04 => control: ReadWrite<u32, Control::Register>),
        (0x08 => _number),
        /// With three aliases behind them, so that four regions can be written at
        /// once.
        (0x0c => base: ReadWrite<u32>),
        (0x10 => attributes: ReadWrite<u32>),
        (0x14 => _aliases),
        (0x2c => @END),
    }
}

register_bitfields![u32,
    Kind [
        REGIONS OFFSET(8) NUMBITS(8) []
    ],
    Control [
        ENABLE OFFSET(0) NUMBITS(1) [],
        /// Protection also while a hard fault is handled.
        HARD_FAULT OFFSET(1) NUMBITS(1) [],
        /// What no region matches is the privileged code's.
        PRIVILEGED_DEFAULT OFFSET(2) NUMBITS(1) []
    ]
];

// SAFETY: the architecture places the registers here; they are volatile cells.
const REGISTERS: StaticRef<MpuRegisters> = unsafe { StaticRef::new(0xe000_ed90 as *const _) };

/// The processor's regions 3 to 5.
pub struct ProcessorRegions;

impl UserRegionRegisters for ProcessorRegions {
    /// Twice in every system call, so in two instructions.
    #[inline]
    fn set(&self, regions: &[Region; USER_REGIONS]) {
        const { assert!(size_of::<[Region; USER_REGIONS]>() == 24) };
        let registers = &raw const REGISTERS.base;
        // SAFETY: reads the six words that the regions consist of, and writes them
        // to three pairs of registers, in order. The regions are those of a process
        // (`UserRegions`), and none runs.
        unsafe {
            asm!(
                "ldm {regions}, {{r2, r3, r4, r5, r12, lr}}",
                "stm {registers}, {{r2, r3, r4, r5, r12, lr}}",
                regions = in(reg) regions,
                registers = in(reg) registers,
                out("r2") _, out("r3") _, out("r4") _, out("r5") _, out("r12") _, out("lr") _,
                options(nostack, preserves_flags),
            );
        }
    }
}

/// Puts the kernel under its own rules: from here on, privileged code executes,
/// reads and writes only what `plan` says. The architecture's registers above
/// 0xe000_0000 are the kernel's whatever the rules are, and hard faults are
/// handled without them.
///
/// # Safety
///
/// `plan` must allow the running code, its stack and data, and every device
/// that the kernel uses.
pub unsafe fn lock_down(plan: &[Region; REGIONS]) -> Result<(), PlanError> {
    if REGISTERS.kind.read(Kind::REGIONS) != REGIONS as u32 {
        return Err(PlanError::NotEnforced);
    }
    REGISTERS.control.set(0);
    for region in plan {
        REGISTERS.base.set(region.base);
        REGISTERS.attributes.set(region.attributes);
    }
    REGISTERS.control.write(Control::ENABLE::SET);
    barrier::synchronize();
    // With anything else set, more would be permitted than the plan says.
    match REGISTERS.control.get() == Control::ENABLE::SET.value {
        true => Ok(()),
        false => Err(PlanError::NotEnforced),
    }
}
