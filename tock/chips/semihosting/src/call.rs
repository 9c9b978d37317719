//! The semihosting trap (Arm's "Semihosting for AArch32 and AArch64", which
//! numbers the operations, and the RISC-V semihosting specification).

/// Operations.
pub(crate) mod operation {
    pub const OPEN: usize = 0x01;
    pub const WRITE: usize = 0x05;
    pub const READ: usize = 0x06;
    pub const SEEK: usize = 0x0a;
    pub const LENGTH: usize = 0x0c;
    pub const EXIT_EXTENDED: usize = 0x20;
}

/// Asks the host for `operation` with a block of arguments, and returns its
/// result.
///
/// # Safety
///
/// `arguments` must be what the operation expects, any address in it valid for
/// the access that the operation makes.
pub(crate) unsafe fn host(operation: usize, arguments: &[usize]) -> isize {
    // SAFETY: the caller answers for the arguments.
    unsafe { trap(operation, arguments.as_ptr()) }
}

#[cfg(target_arch = "riscv32")]
unsafe fn trap(operation: usize, arguments: *const usize) -> isize {
    let result: isize;
    // The three instructions are the signal: uncompressed, in this order, and
    // on one page, which the alignment ensures.
    // SAFETY: the trap changes `a0`, and what the operation says.
    unsafe {
        core::arch::asm!(
            ".option push",
            ".option norvc",
            ".balign 16",
            "slli zero, zero, 0x1f",
            "ebreak",
            "srai zero, zero, 7",
            ".option pop",
            inout("a0") operation => result,
            in("a1") arguments,
            options(nostack),
        );
    }
    result
}

#[cfg(target_arch = "arm")]
unsafe fn trap(operation: usize, arguments: *const usize) -> isize {
    let result: isize;
    // SAFETY: the trap changes `r0`, and what the operation says.
    unsafe {
        core::arch::asm!(
            "bkpt 0xab",
            inout("r0") operation => result,
            in("r1") arguments,
            options(nostack),
        );
    }
    result
}

/// On a computer there is no emulator to ask: every operation fails.
#[cfg(not(any(target_arch = "riscv32", target_arch = "arm")))]
unsafe fn trap(_operation: usize, _arguments: *const usize) -> isize {
    -1
}
