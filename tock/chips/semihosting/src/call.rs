//! The semihosting trap (RISC-V semihosting specification; operation numbers
//! from Arm's "Semihosting for AArch32 and AArch64").

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
#[cfg(target_arch = "riscv32")]
pub(crate) unsafe fn host(operation: usize, arguments: &[usize]) -> isize {
    let result: isize;
    // The three instructions are the signal: uncompressed, in this order, and
    // on one page, which the alignment ensures.
    // SAFETY: the caller answers for the arguments; the trap changes `a0` alone.
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
            in("a1") arguments.as_ptr(),
            options(nostack),
        );
    }
    result
}

/// On a host there is no emulator to ask: every operation fails.
///
/// # Safety
///
/// None needed.
#[cfg(not(target_arch = "riscv32"))]
pub(crate) unsafe fn host(_operation: usize, _arguments: &[usize]) -> isize {
    -1
}
