//! Interrupts and faults with the stack pointer anywhere. Arm's processors store eight
//! registers there; RISC-V's store nothing, but a kernel might.

use core::arch::asm;

/// The instructions, which is all that the processors differ in.
#[cfg(target_arch = "arm")]
macro_rules! instruction {
    (keep) => {
        "mov {keep}, sp"
    };
    (set) => {
        "mov sp, {stack}"
    };
    (restore) => {
        "mov sp, {keep}"
    };
    (count) => {
        "2: subs {rounds}, {rounds}, #1"
    };
    (repeat) => {
        "bne 2b"
    };
    (undefined) => {
        "udf #0"
    };
    (breakpoint) => {
        "bkpt 0"
    };
}
#[cfg(target_arch = "riscv32")]
macro_rules! instruction {
    (keep) => {
        "mv {keep}, sp"
    };
    (set) => {
        "mv sp, {stack}"
    };
    (restore) => {
        "mv sp, {keep}"
    };
    (count) => {
        "2: addi {rounds}, {rounds}, -1"
    };
    (repeat) => {
        "bnez {rounds}, 2b"
    };
    (undefined) => {
        "unimp"
    };
    (breakpoint) => {
        "ebreak"
    };
}

/// Executes an instruction that is a fault, with the stack pointer at `stack`.
macro_rules! fault_on {
    ($stack:ident, $fault:ident) => {
        // SAFETY: nothing here uses the stack before the pointer is back, should a debugger
        // let the process go on.
        unsafe {
            asm!(
                instruction!(keep),
                instruction!(set),
                instruction!($fault),
                instruction!(restore),
                stack = in(reg) $stack,
                keep = out(reg) _,
            );
        }
    };
}

/// Executes what is no instruction, with the stack pointer at `stack`.
pub fn undefined_on_stack(stack: usize) {
    fault_on!(stack, undefined);
}

/// Executes a breakpoint, with the stack pointer at `stack`.
pub fn breakpoint_on_stack(stack: usize) {
    fault_on!(stack, breakpoint);
}

/// Counts to `rounds`, so long that an interrupt comes, with the stack pointer at `stack`.
pub fn spin_on_stack(stack: usize, rounds: usize) {
    // SAFETY: nothing here uses the stack before the pointer is back. Where the process may
    // not write, an interrupt is a fault; where it may, the caller answers for the 36 bytes
    // below.
    unsafe {
        asm!(
            instruction!(keep),
            instruction!(set),
            instruction!(count),
            instruction!(repeat),
            instruction!(restore),
            stack = in(reg) stack,
            rounds = inout(reg) rounds.max(1) => _,
            keep = out(reg) _,
        );
    }
}
