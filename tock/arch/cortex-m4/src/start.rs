//! From reset to the board's `main`.
//!
//! The linker script gives the stack the lowest addresses of memory, so that an
//! overflow leaves memory and faults instead of overwriting data.

use core::arch::naked_asm;

/// The first instruction after reset, where the vector table has set the stack.
///
/// # Safety
///
/// For the processor only, at reset, with the linker script's symbols in place.
#[no_mangle]
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn _start() -> ! {
    naked_asm!(
        "cpsid i",
        // Initialised data.
        "movw r0, #:lower16:_data_start",
        "movt r0, #:upper16:_data_start",
        "movw r1, #:lower16:_data_end",
        "movt r1, #:upper16:_data_end",
        "movw r2, #:lower16:_data_load",
        "movt r2, #:upper16:_data_load",
        "1: cmp r0, r1",
        "bhs  2f",
        "ldr  r3, [r2], #4",
        "str  r3, [r0], #4",
        "b    1b",
        // Zeroed data.
        "2: movw r0, #:lower16:_bss_start",
        "movt r0, #:upper16:_bss_start",
        "movw r1, #:lower16:_bss_end",
        "movt r1, #:upper16:_bss_end",
        "movs r3, #0",
        "3: cmp r0, r1",
        "bhs  4f",
        "str  r3, [r0], #4",
        "b    3b",
        "4: bl main",
        "5: wfi",
        "b    5b",
    )
}
