//! Writing plans into the processor.

use super::plan::REGIONS;
use super::region::Region;
use super::unit::{UserRegionRegisters, FIRST_USER_REGION, USER_REGIONS};
use crate::barrier;
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
        (0x0c => base: ReadWrite<u32>),
        (0x10 => attributes: ReadWrite<u32>),
        (0x14 => @END),
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

/// In `RBAR`: the lowest bits name the region that is meant.
const NUMBER_VALID: u32 = 1 << 4;

/// The processor's regions 3 to 5.
pub struct ProcessorRegions;

impl UserRegionRegisters for ProcessorRegions {
    fn set(&self, regions: &[Region; USER_REGIONS]) {
        set(FIRST_USER_REGION, regions);
    }
}

fn set(first: usize, regions: &[Region]) {
    for (number, region) in (first as u32..).zip(regions) {
        REGISTERS.base.set(region.base | NUMBER_VALID | number);
        REGISTERS.attributes.set(region.attributes);
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
    set(0, plan);
    REGISTERS.control.write(Control::ENABLE::SET);
    barrier::synchronize();
    match REGISTERS.control.is_set(Control::ENABLE) {
        true => Ok(()),
        false => Err(PlanError::NotEnforced),
    }
}
