//! Exceptions with the stack pointer anywhere: the processor stores eight registers there.

use core::arch::asm;

/// Makes system call 2, Command, with `arguments` in r0 to r3 and the stack pointer at
/// `stack`, and returns where that is afterwards.
pub fn syscall_on_stack(stack: usize, arguments: [usize; 4]) -> usize {
    let [r0, r1, r2, r3] = arguments;
    let after;
    // SAFETY: nothing here uses the stack before the pointer is back. Where the process may
    // not write, the call is a fault; where it may, the caller answers for the 36 bytes
    // below.
    unsafe {
        asm!("mov r4, sp",
            "mov sp, {stack}",
            "svc 2",
            "mov {stack}, sp",
            "mov sp, r4",
            stack = inout(reg) stack => after,
            inlateout("r0") r0 => _,
            inlateout("r1") r1 => _,
            inlateout("r2") r2 => _,
            inlateout("r3") r3 => _,
            out("r4") _,
        );
    }
    after
}

/// Counts to `rounds`, so long that an interrupt comes, with the stack pointer at `stack`.
pub fn spin_on_stack(stack: usize, rounds: usize) {
    // SAFETY: as for `syscall_on_stack`.
    unsafe {
        asm!("mov r4, sp",
            "mov sp, {stack}",
            "2: subs {rounds}, {rounds}, #1",
            "bne 2b",
            "mov sp, r4",
            stack = in(reg) stack,
            rounds = inout(reg) rounds.max(1) => _,
            out("r4") _,
        );
    }
}

/// Executes what is no instruction, with the stack pointer at `stack`.
pub fn undefined_on_stack(stack: usize) {
    // SAFETY: a fault, whatever the stack is.
    unsafe {
        asm!("mov r4, sp", "mov sp, {stack}", "udf #0", "mov sp, r4",
            stack = in(reg) stack,
            out("r4") _,
        );
    }
}

/// Executes a breakpoint, with the stack pointer at `stack`.
pub fn breakpoint_on_stack(stack: usize) {
    // SAFETY: a fault, whatever the stack is; a debugger could let it go on.
    unsafe {
        asm!("mov r4, sp", "mov sp, {stack}", "bkpt 0", "mov sp, r4",
            stack = in(reg) stack,
            out("r4") _,
        );
    }
}
