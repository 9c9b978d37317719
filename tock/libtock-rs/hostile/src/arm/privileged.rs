//! Instructions and registers that only the kernel may use.

use core::arch::asm;

/// Reads a register that tells about the kernel: its stack pointer, which a
/// process must see as zero.
pub fn read_kernel_register() -> usize {
    let value;
    // SAFETY: reading a register changes nothing.
    unsafe { asm!("mrs {value}, msp", value = lateout(reg) value, options(nomem, nostack)) };
    value
}

/// Writes `value` to the memory protection's control register: zero switches it
/// off.
pub fn write_memory_protection(value: usize) {
    /// `MPU_CTRL` (Armv7-M Architecture Reference Manual, B3.5.6).
    const CONTROL: usize = 0xe000_ed94;
    // SAFETY: unprivileged, this is a fault. Privileged, it takes no access away
    // from whoever executes it.
    unsafe {
        asm!("str {value}, [{control}]",
            value = in(reg) value,
            control = in(reg) CONTROL,
            options(nostack, preserves_flags),
        );
    }
}

/// Clears the bit that makes the processor run this process unprivileged, and sets
/// the one that has exceptions store floating-point registers, too. Both must stay
/// as they are.
pub fn raise_privilege() {
    // SAFETY: the process runs on with the same stack and the same registers.
    unsafe {
        asm!("mrs {control}, control",
            "bic {control}, {control}, #1",
            "orr {control}, {control}, #4",
            "msr control, {control}",
            "isb",
            control = out(reg) _,
            options(nostack, preserves_flags),
        );
    }
}

/// Moves a word to a register of the floating-point unit, which no process has.
pub fn use_floating_point() {
    // SAFETY: without the unit this is a fault, and with it, it changes a register that
    // nothing here uses. The compiler's target has no such instruction: `vmov s0, r0`.
    unsafe {
        asm!(
            ".inst.w 0xee000a10",
            options(nomem, nostack, preserves_flags)
        )
    };
}

/// Returns from an exception that has not happened, to privileged code on the
/// kernel's stack.
pub fn return_from_trap() {
    /// `EXC_RETURN`: thread mode, main stack, no floating point.
    const TO_MAIN_STACK: usize = 0xffff_fff9;
    // SAFETY: in a process, this is a jump to where no code may be. In the
    // kernel, it goes where the kernel's stack says.
    unsafe {
        asm!("bx {to}",
            to = in(reg) TO_MAIN_STACK,
            clobber_abi("C"),
        );
    }
}

/// Asks the emulator's or debugger's host to do `operation` (Semihosting for
/// AArch32 and AArch64), with the address of its arguments.
pub fn semihosting(operation: usize, arguments: &[usize]) -> usize {
    let result;
    // SAFETY: this is a breakpoint exception, unless a host serves it. It then
    // reads the arguments, and returns in r0.
    unsafe {
        asm!("bkpt 0xab",
            inlateout("r0") operation => result,
            in("r1") arguments.as_ptr(),
            options(nostack, preserves_flags),
        );
    }
    result
}
