//! Stores, but not to the process's own variables.

use crate::arch::store;

extern "C" {
    /// First byte of the process's RAM (linker script).
    static _sram_origin: u8;
    /// First byte above the process's stack and statics (linker script).
    static _heap_start: u8;
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
    // SAFETY: no variable of the process is there, as checked above.
    unsafe { store(address, value) };
}
