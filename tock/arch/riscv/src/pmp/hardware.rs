//! Writing plans into the processor.

use super::entry::Entry;
use super::machine::{ENTRIES, USER_ENTRIES};
use super::mpu::{Configurations, UserEntries};
use crate::csr::{self, SecurityConfiguration};
use core::arch::asm;
use isolation::PlanError;
use tock_registers::fields::FieldValue;

/// The processor's entries 4 to 9.
pub struct ProcessorEntries;

macro_rules! write_addresses {
    ($($entry:expr => $register:literal),* $(,)?) => {
        $(
            // SAFETY: an address register alone grants nothing; the entry's
            // configuration byte is off, or written afterwards by a plan.
            unsafe {
                asm!(concat!("csrw ", $register, ", {0}"), in(reg) $entry.address);
            }
        )*
    };
}

impl UserEntries for ProcessorEntries {
    #[inline]
    fn set_addresses(&self, [[a, b], [c, d], [e, f]]: [&[Entry; 2]; USER_ENTRIES / 2]) {
        write_addresses!(
            a => "pmpaddr4", b => "pmpaddr5", c => "pmpaddr6", d => "pmpaddr7",
            e => "pmpaddr8", f => "pmpaddr9",
        );
    }

    #[inline]
    fn set_configurations(&self, configurations: Configurations) {
        // The upper half of the second register belongs to the machine. The
        // processor keeps locked entries as they are, but QEMU 7.2 does not
        // under lockdown, so they are written back.
        let machine = csr::pmpcfg2::read() & !0xffff;
        // SAFETY: apart from what is written back, these are user entries.
        unsafe {
            csr::pmpcfg1::write(configurations.first as usize);
            csr::pmpcfg2::write(machine | usize::from(configurations.second));
        }
    }
}

/// Puts the kernel under its own rules, until reset. From here on, machine mode
/// executes, reads and writes only what `plan` says.
///
/// # Safety
///
/// `plan` must allow the running code, its stack and data, and every device
/// that the kernel uses.
pub unsafe fn lock_down(plan: &[Entry; ENTRIES]) -> Result<(), PlanError> {
    write_addresses!(
        plan[0] => "pmpaddr0", plan[1] => "pmpaddr1", plan[2] => "pmpaddr2",
        plan[3] => "pmpaddr3", plan[4] => "pmpaddr4", plan[5] => "pmpaddr5",
        plan[6] => "pmpaddr6", plan[7] => "pmpaddr7", plan[8] => "pmpaddr8",
        plan[9] => "pmpaddr9", plan[10] => "pmpaddr10", plan[11] => "pmpaddr11",
        plan[12] => "pmpaddr12", plan[13] => "pmpaddr13", plan[14] => "pmpaddr14",
        plan[15] => "pmpaddr15",
    );
    let word = |first: usize| {
        let byte = |offset: usize| plan[first + offset].configuration;
        u32::from_le_bytes([byte(0), byte(1), byte(2), byte(3)]) as usize
    };
    let lockdown: FieldValue<usize, SecurityConfiguration::Register> =
        SecurityConfiguration::MACHINE_LOCKDOWN::SET
            + SecurityConfiguration::MACHINE_WHITELIST::SET;
    // Executable machine rules must be in place before the lockdown bit: the
    // processor ignores new ones afterwards (Smepmp, section on adding rules).
    // SAFETY: the caller promises that the plan covers what the kernel needs.
    unsafe {
        asm!(
            "csrw pmpcfg0, {0}", "csrw pmpcfg1, {1}", "csrw pmpcfg2, {2}", "csrw pmpcfg3, {3}",
            in(reg) word(0), in(reg) word(4), in(reg) word(8), in(reg) word(12),
        );
        csr::security_configuration::write(lockdown.value);
    }
    if csr::security_configuration::read() & lockdown.mask() == lockdown.value {
        Ok(())
    } else {
        Err(PlanError::NotEnforced)
    }
}
