//! Exceptions by number (Arm DDI 0403, table B1-4), and what priority each has
//! here.
//!
//! The kernel runs with interrupts masked (`PRIMASK`), so what matters is the
//! order among exceptions that come while a process runs: a fault while
//! another exception stores the process's registers must come first, or that
//! exception would find nothing stored; the switch to a process must come before
//! the interrupts that will stop it.

use core::ops::RangeInclusive;

/// A fault that cannot be handled as its own kind, and breakpoints.
pub const HARD_FAULT: u32 = 3;
/// Hard fault, memory management fault, bus fault, usage fault.
pub const FAULTS: RangeInclusive<u32> = HARD_FAULT..=6;
/// `svc`.
pub const SUPERVISOR_CALL: u32 = 11;
/// The number of interrupt line 0.
pub const FIRST_INTERRUPT: u32 = 16;

/// Priority bytes; lower is more urgent. Processors implement at least the three
/// highest bits.
pub mod priority {
    /// Of faults.
    pub const FAULT: u8 = 0x00;
    /// Of `svc` and of PendSV, the switches between kernel and process.
    pub const SWITCH: u8 = 0x40;
    /// Of SysTick and of every interrupt line.
    pub const INTERRUPT: u8 = 0x80;

    // The order that the module's documentation gives the reasons for.
    const _: () = assert!(FAULT < SWITCH && SWITCH < INTERRUPT);
}
