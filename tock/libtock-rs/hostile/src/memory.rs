//! Loads, stores and jumps, at any address.

use core::arch::asm;

/// The instructions, which is all that the processors differ in.
#[cfg(target_arch = "arm")]
macro_rules! instruction {
    (load) => {
        "ldr {value}, [{address}]"
    };
    (store) => {
        "str {value}, [{address}]"
    };
    (call) => {
        "blx {function}"
    };
}
#[cfg(target_arch = "riscv32")]
macro_rules! instruction {
    (load) => {
        "lw {value}, 0({address})"
    };
    (store) => {
        "sw {value}, 0({address})"
    };
    (call) => {
        "jalr ra, 0({function})"
    };
}

/// What is set in the address of a function: on Arm, that its code is Thumb.
const FUNCTION: usize = if cfg!(target_arch = "arm") { 1 } else { 0 };

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
        asm!(instruction!(load),
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
        asm!(instruction!(store),
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
        asm!(instruction!(call),
            function = in(reg) address | FUNCTION,
            clobber_abi("C"),
        );
    }
}
