//! Loads, stores and jumps, at any address.

use core::arch::asm;

/// An instruction that returns from a function.
pub const RETURN: u16 = 0x8082;

/// Loads the word at `address`, which need not be aligned.
pub fn read(address: usize) -> u32 {
    let value;
    // SAFETY: a load changes no memory of the process. Where the process may
    // not read, it faults.
    unsafe {
        asm!("lw {value}, 0({address})",
            address = in(reg) address,
            value = lateout(reg) value,
            options(nostack, preserves_flags, readonly),
        );
    }
    value
}

/// Stores a word at `address`, which need not be aligned.
///
/// # Safety
/// No variable of the process may be there.
pub(crate) unsafe fn store(address: usize, value: u32) {
    // SAFETY: the caller answers for the variables of the process. Where it may
    // not write, it faults.
    unsafe {
        asm!("sw {value}, 0({address})",
            address = in(reg) address,
            value = in(reg) value,
            options(nostack, preserves_flags),
        );
    }
}

/// Calls the code at `address`, as a function without arguments.
pub fn call(address: usize) {
    // SAFETY: where the process may not execute, this faults. Where it may, the
    // code is its own, and behaves as a function does.
    unsafe {
        asm!("jalr ra, 0({address})",
            address = in(reg) address,
            clobber_abi("C"),
        );
    }
}
