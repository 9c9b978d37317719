//! From reset to the board's `main`.
//!
//! The linker script gives the stack the lowest addresses of memory, so that an
//! overflow leaves memory and faults instead of overwriting data.

use core::arch::naked_asm;

/// The first instruction after reset.
///
/// # Safety
///
/// For the processor only, at reset, with the linker script's symbols in place.
#[no_mangle]
#[link_section = ".start"]
#[unsafe(naked)]
unsafe extern "C" fn _start() -> ! {
    naked_asm!(
        // No trap is expected here, but one must not run away.
        "la   t0, {vectors}",
        "ori  t0, t0, 1",
        "csrw mtvec, t0",
        "csrw mscratch, zero",
        "csrw mie, zero",
        "csrci mstatus, 8",
        // User mode reads no counters: one clock fewer for side channels.
        "csrw mcounteren, zero",
        "la   sp, _stack_top",
        // Initialised data.
        "la   a0, _data_start",
        "la   a1, _data_end",
        "la   a2, _data_load",
        "1: bgeu a0, a1, 2f",
        "lw   t0, 0(a2)",
        "sw   t0, 0(a0)",
        "addi a0, a0, 4",
        "addi a2, a2, 4",
        "j    1b",
        // Zeroed data.
        "2: la a0, _bss_start",
        "la   a1, _bss_end",
        "3: bgeu a0, a1, 4f",
        "sw   zero, 0(a0)",
        "addi a0, a0, 4",
        "j    3b",
        "4: call main",
        "5: wfi",
        "j    5b",
        vectors = sym crate::trap::trap_vectors,
    )
}
