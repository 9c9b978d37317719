//! System calls with any class and any arguments.

use core::arch::{asm, global_asm};

// The class of a call is part of its instruction, so here is one function for
// each. An upcall returns through lr, which therefore must be kept elsewhere.
global_asm!(
    ".section .text.every_system_call, \"ax\"",
    ".balign 2",
    ".thumb_func",
    "every_system_call:",
    ".set class, 0",
    ".rept 256",
    "push {{r4, lr}}",
    // svc
    ".hword 0xdf00 + class",
    "pop {{r4, pc}}",
    ".set class, class + 1",
    ".endr",
);

/// Bytes of one of these functions.
const LENGTH: usize = 6;

/// Calls the kernel with `class` as the call's number, of which there are 256,
/// and `arguments` in r0 to r3, and returns r0 to r3 (TRD 104).
///
/// Whoever shares memory of the process this way must leave it to the kernel
/// until it is shared no more.
pub fn syscall(class: usize, arguments: [usize; 4]) -> [usize; 4] {
    extern "C" {
        fn every_system_call();
    }
    let function = (every_system_call as *const ()).addr() + class % 256 * LENGTH;
    let [mut r0, mut r1, mut r2, mut r3] = arguments;
    // SAFETY: a kernel that keeps to TRD 104 changes nothing of the process but
    // these registers and memory that is shared with it. Upcalls are functions
    // called here; those of libtock are sound while they are registered, safe
    // functions with the ABI of upcalls always, and any other faults.
    unsafe {
        asm!("blx {function}",
            function = in(reg) function,
            inlateout("r0") r0,
            inlateout("r1") r1,
            inlateout("r2") r2,
            inlateout("r3") r3,
            clobber_abi("C"),
        );
    }
    [r0, r1, r2, r3]
}

/// Makes system call 2, Command, with `arguments` in r0 to r3 and the stack pointer at
/// `stack`, and returns where that is afterwards.
pub fn syscall_on_stack(stack: usize, arguments: [usize; 4]) -> usize {
    let [r0, r1, r2, r3] = arguments;
    let after;
    // SAFETY: nothing here uses the stack before the pointer is back. Where the process may
    // not write, the call is a fault; where it may, the caller answers for the 36 bytes
    // below.
    unsafe {
        asm!("mov {keep}, sp",
            "mov sp, {stack}",
            "svc 2",
            "mov {stack}, sp",
            "mov sp, {keep}",
            stack = inout(reg) stack => after,
            keep = out(reg) _,
            inlateout("r0") r0 => _,
            inlateout("r1") r1 => _,
            inlateout("r2") r2 => _,
            inlateout("r3") r3 => _,
        );
    }
    after
}
