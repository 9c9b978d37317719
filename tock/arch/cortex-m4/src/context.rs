//! The assembly that leaves for a process and comes back.
//!
//! The kernel runs on the main stack, processes on their own. While a process
//! runs, the main stack holds the frame that PendSV's entry made of the kernel's
//! registers, and the first word in it, `r0`, is the address of the process's
//! [`StoredState`].

use core::arch::{asm, naked_asm};
use core::mem::offset_of;
use cortexm::frame::Frame;
use cortexm::state::StoredState;

// What the assembly relies on.
const _: () = assert!(
    offset_of!(StoredState, saved) == 0
        && offset_of!(StoredState, frame_place) == 32
        && offset_of!(StoredState, exception) == 36
        && offset_of!(StoredState, frame) == 40
        && size_of::<Frame>() == 32
);

/// Runs the process until its next exception, which `state` then names.
///
/// # Safety
///
/// `state` is exclusively the callee's until return; at `frame_place`, the process
/// has memory for a frame; its memory protection is in force; interrupts are
/// masked.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn run(state: *mut StoredState) {
    naked_asm!(
        "push {{r4-r11, lr}}",
        // ICSR.PENDSVSET. It stays pending until interrupts are unmasked, and
        // comes before any of them.
        "movw r1, #0xed04",
        "movt r1, #0xe000",
        "mov  r2, #0x10000000",
        "str  r2, [r1]",
        "dsb",
        "cpsie i",
        "isb",
        // The process has run, and interrupts are masked again.
        "pop  {{r4-r11, pc}}",
    )
}

/// PendSV: from the kernel to the process.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn leave_kernel() {
    naked_asm!(
        // From nowhere but the kernel: 0xfffffff9.
        "cmn  lr, #7",
        "bne  {kernel_fault}",
        "ldr  r0, [sp]",
        "ldr  r1, [r0, #32]",
        // The frame that the return takes.
        "add  r2, r0, #40",
        "ldm  r2, {{r4-r11}}",
        "stm  r1, {{r4-r11}}",
        "msr  psp, r1",
        "ldm  r0, {{r4-r11}}",
        // CONTROL.nPRIV, which the return puts in force.
        "movs r1, #1",
        "msr  control, r1",
        // Return to thread mode and the process stack: 0xfffffffd.
        "mvn  lr, #2",
        "bx   lr",
        kernel_fault = sym crate::kernel_fault::enter,
    )
}

/// Any exception that stops a process: back to the kernel.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn enter_kernel() {
    naked_asm!(
        "cpsid i",
        // From nowhere but a process: 0xfffffffd.
        "cmn  lr, #3",
        "bne  {kernel_fault}",
        "ldr  r0, [sp]",
        "mrs  r1, psp",
        "mrs  r2, ipsr",
        "stm  r0!, {{r4-r11}}",
        "stm  r0, {{r1, r2}}",
        "movs r1, #0",
        "msr  control, r1",
        // Return to thread mode and the main stack: 0xfffffff9.
        "mvn  lr, #6",
        "bx   lr",
        kernel_fault = sym crate::kernel_fault::enter,
    )
}

/// Copies a frame, which the compiler would have a function do.
///
/// # Safety
///
/// A frame can be read from `from` and written to `to`; both are aligned.
#[inline]
pub(crate) unsafe fn copy_frame(from: *const Frame, to: *mut Frame) {
    // SAFETY: eight words from here to there, as the caller promises.
    unsafe {
        asm!(
            "ldm {from}!, {{r2, r3, r12, lr}}",
            "stm {to}!, {{r2, r3, r12, lr}}",
            "ldm {from}, {{r2, r3, r12, lr}}",
            "stm {to}, {{r2, r3, r12, lr}}",
            from = inout(reg) from => _,
            to = inout(reg) to => _,
            out("r2") _, out("r3") _, out("r12") _, out("lr") _,
            options(nostack, preserves_flags),
        );
    }
}
