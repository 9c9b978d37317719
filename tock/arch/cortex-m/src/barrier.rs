//! Instructions that order what the processor does.

use core::arch::asm;

/// Returns when all that was written is in force for what is executed next.
#[inline]
pub fn synchronize() {
    // SAFETY: barriers only wait. The compiler moves no access across them.
    unsafe { asm!("dsb", "isb", options(nostack, preserves_flags)) }
}

/// Waits until an enabled interrupt is pending, whether or not it is masked.
#[inline]
pub fn wait_for_interrupt() {
    // SAFETY: `wfi` only pauses the processor. What was written before may be
    // what the interrupt depends on.
    unsafe { asm!("dsb", "wfi", options(nostack, preserves_flags)) }
}
