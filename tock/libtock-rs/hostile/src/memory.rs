//! Loads, stores and jumps, at any address.

use core::arch::asm;

extern "C" {
    /// First byte of the process's RAM (linker script).
    static _sram_origin: u8;
    /// First byte above the process's stack and statics (linker script).
    static _heap_start: u8;
}

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
/// # Panics
/// When that is on the stack or in a static, where it would not test the kernel
/// but confuse the process.
pub fn write(address: usize, value: u32) {
    let own = (&raw const _sram_origin).addr()..(&raw const _heap_start).addr();
    assert!(
        !own.contains(&address) && !own.contains(&address.wrapping_add(3)),
        "a hostile store to the process's own variables"
    );
    // SAFETY: no variable of the process is there, as checked above. Where the
    // process may not write, it faults.
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
