//! The assembly that leaves for a process and comes back.
//!
//! While a process runs, `mscratch` holds the kernel's stack pointer; while the
//! kernel runs it is zero. That is how the trap entry tells them apart. The
//! kernel's callee-saved registers wait on its stack, below the address of the
//! process's [`StoredState`].

use crate::registers::{StoredState, CAUSE_OFFSET, PC_OFFSET, VALUE_OFFSET};
use core::arch::naked_asm;

/// Runs the process until its next trap, which `state` then describes.
///
/// # Safety
///
/// `state` is exclusively the callee's until return; the memory protection of
/// the process is in force; machine interrupts are masked.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn enter(state: *mut StoredState) {
    naked_asm!(
        "addi sp, sp, -64",
        "sw   ra, 0(sp)",
        "sw   s0, 4(sp)",
        "sw   s1, 8(sp)",
        "sw   s2, 12(sp)",
        "sw   s3, 16(sp)",
        "sw   s4, 20(sp)",
        "sw   s5, 24(sp)",
        "sw   s6, 28(sp)",
        "sw   s7, 32(sp)",
        "sw   s8, 36(sp)",
        "sw   s9, 40(sp)",
        "sw   s10, 44(sp)",
        "sw   s11, 48(sp)",
        "sw   a0, 52(sp)",
        "csrw mscratch, sp",
        // mstatus.MPP = user.
        "li   t0, 0x1800",
        "csrc mstatus, t0",
        "lw   t0, {pc}(a0)",
        "csrw mepc, t0",
        "lw   x1, 0(a0)",
        "lw   x2, 4(a0)",
        "lw   x3, 8(a0)",
        "lw   x4, 12(a0)",
        "lw   x5, 16(a0)",
        "lw   x6, 20(a0)",
        "lw   x7, 24(a0)",
        "lw   x8, 28(a0)",
        "lw   x9, 32(a0)",
        "lw   x11, 40(a0)",
        "lw   x12, 44(a0)",
        "lw   x13, 48(a0)",
        "lw   x14, 52(a0)",
        "lw   x15, 56(a0)",
        "lw   x16, 60(a0)",
        "lw   x17, 64(a0)",
        "lw   x18, 68(a0)",
        "lw   x19, 72(a0)",
        "lw   x20, 76(a0)",
        "lw   x21, 80(a0)",
        "lw   x22, 84(a0)",
        "lw   x23, 88(a0)",
        "lw   x24, 92(a0)",
        "lw   x25, 96(a0)",
        "lw   x26, 100(a0)",
        "lw   x27, 104(a0)",
        "lw   x28, 108(a0)",
        "lw   x29, 112(a0)",
        "lw   x30, 116(a0)",
        "lw   x31, 120(a0)",
        "lw   x10, 36(a0)",
        "mret",
        pc = const PC_OFFSET,
    )
}

/// Every trap comes here, with the trapped code's registers untouched.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn trap_entry() {
    naked_asm!(
        "csrrw sp, mscratch, sp",
        "bnez sp, 1f",
        "j    {kernel_trap}",
        // From a process. One register is needed to address its state.
        "1: sw a0, 56(sp)",
        "lw   a0, 52(sp)",
        "sw   x1, 0(a0)",
        "sw   x3, 8(a0)",
        "sw   x4, 12(a0)",
        "sw   x5, 16(a0)",
        "sw   x6, 20(a0)",
        "sw   x7, 24(a0)",
        "sw   x8, 28(a0)",
        "sw   x9, 32(a0)",
        "sw   x11, 40(a0)",
        "sw   x12, 44(a0)",
        "sw   x13, 48(a0)",
        "sw   x14, 52(a0)",
        "sw   x15, 56(a0)",
        "sw   x16, 60(a0)",
        "sw   x17, 64(a0)",
        "sw   x18, 68(a0)",
        "sw   x19, 72(a0)",
        "sw   x20, 76(a0)",
        "sw   x21, 80(a0)",
        "sw   x22, 84(a0)",
        "sw   x23, 88(a0)",
        "sw   x24, 92(a0)",
        "sw   x25, 96(a0)",
        "sw   x26, 100(a0)",
        "sw   x27, 104(a0)",
        "sw   x28, 108(a0)",
        "sw   x29, 112(a0)",
        "sw   x30, 116(a0)",
        "sw   x31, 120(a0)",
        "lw   t0, 56(sp)",
        "sw   t0, 36(a0)",
        // The process's stack pointer, and the mark that the kernel runs.
        "csrrw t0, mscratch, zero",
        "sw   t0, 4(a0)",
        "csrr t0, mepc",
        "sw   t0, {pc}(a0)",
        "csrr t0, mcause",
        "sw   t0, {cause}(a0)",
        "csrr t0, mtval",
        "sw   t0, {value}(a0)",
        "lw   ra, 0(sp)",
        "lw   s0, 4(sp)",
        "lw   s1, 8(sp)",
        "lw   s2, 12(sp)",
        "lw   s3, 16(sp)",
        "lw   s4, 20(sp)",
        "lw   s5, 24(sp)",
        "lw   s6, 28(sp)",
        "lw   s7, 32(sp)",
        "lw   s8, 36(sp)",
        "lw   s9, 40(sp)",
        "lw   s10, 44(sp)",
        "lw   s11, 48(sp)",
        "addi sp, sp, 64",
        "ret",
        kernel_trap = sym crate::trap::kernel_trap,
        pc = const PC_OFFSET,
        cause = const CAUSE_OFFSET,
        value = const VALUE_OFFSET,
    )
}
