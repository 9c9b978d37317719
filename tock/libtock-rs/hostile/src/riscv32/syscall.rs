//! System calls with any class and any arguments.

use core::arch::asm;

/// Calls the kernel with `class` in a4 and `arguments` in a0 to a3, and returns
/// a0 to a3 (TRD 104).
///
/// Whoever shares memory of the process this way must leave it to the kernel
/// until it is shared no more.
pub fn syscall(class: usize, arguments: [usize; 4]) -> [usize; 4] {
    let [mut r0, mut r1, mut r2, mut r3] = arguments;
    // SAFETY: a kernel that keeps to TRD 104 changes nothing of the process but
    // these registers and memory that is shared with it. Upcalls are functions
    // called here; those of libtock are sound while they are registered, safe
    // functions with the ABI of upcalls always, and any other faults.
    unsafe {
        asm!("ecall",
            inlateout("a0") r0,
            inlateout("a1") r1,
            inlateout("a2") r2,
            inlateout("a3") r3,
            inlateout("a4") class => _,
            clobber_abi("C"),
        );
    }
    [r0, r1, r2, r3]
}

/// Makes system call 2, Command, with `arguments` in a0 to a3 and the stack pointer at
/// `stack`, and returns where that is afterwards.
pub fn syscall_on_stack(stack: usize, arguments: [usize; 4]) -> usize {
    let [a0, a1, a2, a3] = arguments;
    let after;
    // SAFETY: nothing here uses the stack before the pointer is back. A kernel that keeps to
    // TRD 104 changes nothing but the result registers.
    unsafe {
        asm!("mv {keep}, sp",
            "mv sp, {stack}",
            "ecall",
            "mv {stack}, sp",
            "mv sp, {keep}",
            stack = inout(reg) stack => after,
            keep = out(reg) _,
            inlateout("a0") a0 => _,
            inlateout("a1") a1 => _,
            inlateout("a2") a2 => _,
            inlateout("a3") a3 => _,
            in("a4") 2,
        );
    }
    after
}
