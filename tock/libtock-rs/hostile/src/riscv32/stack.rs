//! Traps with the stack pointer anywhere. The processor itself stores nothing there; a kernel
//! might.

use core::arch::asm;

/// Makes system call 2, Command, with `arguments` in a0 to a3 and the stack pointer at
/// `stack`, and returns where that is afterwards.
pub fn syscall_on_stack(stack: usize, arguments: [usize; 4]) -> usize {
    let [a0, a1, a2, a3] = arguments;
    let after;
    // SAFETY: nothing here uses the stack before the pointer is back. A kernel that keeps to
    // TRD 104 changes nothing but the result registers.
    unsafe {
        asm!("mv t0, sp",
            "mv sp, {stack}",
            "ecall",
            "mv {stack}, sp",
            "mv sp, t0",
            stack = inout(reg) stack => after,
            inlateout("a0") a0 => _,
            inlateout("a1") a1 => _,
            inlateout("a2") a2 => _,
            inlateout("a3") a3 => _,
            in("a4") 2,
            out("t0") _,
        );
    }
    after
}

/// Counts to `rounds`, so long that an interrupt comes, with the stack pointer at `stack`.
pub fn spin_on_stack(stack: usize, rounds: usize) {
    // SAFETY: as for `syscall_on_stack`.
    unsafe {
        asm!("mv t0, sp",
            "mv sp, {stack}",
            "2: addi {rounds}, {rounds}, -1",
            "bnez {rounds}, 2b",
            "mv sp, t0",
            stack = in(reg) stack,
            rounds = inout(reg) rounds.max(1) => _,
            out("t0") _,
        );
    }
}

/// Executes what is no instruction, with the stack pointer at `stack`.
pub fn undefined_on_stack(stack: usize) {
    // SAFETY: a fault, whatever the stack is.
    unsafe {
        asm!("mv t0, sp", "mv sp, {stack}", "unimp", "mv sp, t0",
            stack = in(reg) stack,
            out("t0") _,
        );
    }
}

/// Executes a breakpoint, with the stack pointer at `stack`.
pub fn breakpoint_on_stack(stack: usize) {
    // SAFETY: a fault, whatever the stack is; a debugger could let it go on.
    unsafe {
        asm!("mv t0, sp", "mv sp, {stack}", "ebreak", "mv sp, t0",
            stack = in(reg) stack,
            out("t0") _,
        );
    }
}
