//! Instructions that only the kernel may use.

use core::arch::asm;

/// Reads a register that tells about the kernel: the machine status register.
pub fn read_kernel_register() -> usize {
    let value;
    // SAFETY: reading a control register changes nothing. Outside machine mode,
    // it is an illegal instruction.
    unsafe { asm!("csrr {value}, mstatus", value = lateout(reg) value, options(nomem, nostack)) };
    value
}

/// Writes `value` to the first register of the memory protection's
/// configuration: zero switches four of its entries off.
pub fn write_memory_protection(value: usize) {
    // SAFETY: outside machine mode, this is an illegal instruction. In machine
    // mode, it takes no access away from whoever executes it.
    unsafe { asm!("csrw pmpcfg0, {value}", value = in(reg) value, options(nostack)) };
}

/// Sets the mode that the processor returns from a trap to: the machine's.
pub fn raise_privilege() {
    /// `mstatus.MPP`.
    const PREVIOUS_MODE: usize = 3 << 11;
    // SAFETY: outside machine mode, this is an illegal instruction. In machine
    // mode, only the kernel's next return could notice.
    unsafe { asm!("csrs mstatus, {mode}", mode = in(reg) PREVIOUS_MODE, options(nostack)) };
}

/// Moves a word to a register of the floating-point unit, which no process has.
pub fn use_floating_point() {
    // SAFETY: without the unit this is an illegal instruction, and with it, it changes a
    // register that nothing here uses. The compiler's target has no such instruction:
    // `fmv.w.x ft0, a0`.
    unsafe {
        asm!(
            ".insn 4, 0xf0050053",
            options(nomem, nostack, preserves_flags)
        )
    };
}

/// Returns from a trap that has not happened, with the processor in the mode
/// and at the place that the kernel's registers say.
pub fn return_from_trap() {
    // SAFETY: outside machine mode, this is an illegal instruction. In machine
    // mode, it goes where the kernel's last trap came from, which was a system
    // call of this process; the registers are those that a call may change.
    unsafe { asm!("mret", clobber_abi("C")) };
}

/// Asks the emulator's or debugger's host to do `operation` (RISC-V
/// Semihosting), with the address of its arguments.
pub fn semihosting(operation: usize, arguments: &[usize]) -> usize {
    let result;
    // SAFETY: the three instructions are a breakpoint exception, unless a host
    // serves it. It then reads the arguments, and returns in a0.
    unsafe {
        asm!(
            // The sequence is recognised uncompressed and within one page.
            ".balign 16",
            ".option push",
            ".option norvc",
            "slli x0, x0, 0x1f",
            "ebreak",
            "srai x0, x0, 7",
            ".option pop",
            inlateout("a0") operation => result,
            in("a1") arguments.as_ptr(),
            options(nostack, preserves_flags),
        );
    }
    result
}
