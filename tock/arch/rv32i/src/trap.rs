//! Where every trap arrives.

use crate::fault::Fault;
use core::arch::naked_asm;
use core::sync::atomic::{AtomicBool, Ordering};
use riscv::csr;

/// Accepts machine timer and external interrupts as reasons to stop a process.
/// They are serviced by polling; the kernel itself is never interrupted.
pub fn initialize_traps() {
    let sources = csr::Interrupts::TIMER::SET + csr::Interrupts::EXTERNAL::SET;
    // SAFETY: interrupts are masked in machine mode (`mstatus.MIE` is clear
    // since reset), so no trap can come of this while kernel code runs.
    unsafe { csr::interrupt_enable::write(sources.value) };
}

/// The vector table: one jump for each of 32 causes, 256-byte aligned, which is
/// the only form that Ibex supports. All lead to one place.
#[link_section = ".riscv.vectors"]
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn trap_vectors() {
    naked_asm!(
        ".option push",
        ".option norvc",
        ".rept 32",
        "j {entry}",
        ".endr",
        ".option pop",
        entry = sym crate::context::trap_entry,
    )
}

/// A trap from machine mode. The interrupted kernel stack may be the problem,
/// and will not be returned to, so start over at its top.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn kernel_trap() -> ! {
    naked_asm!(
        // The swap at the entry left the stack pointer of the fault here.
        "csrrw a3, mscratch, zero",
        "csrr a0, mcause",
        "csrr a1, mepc",
        "csrr a2, mtval",
        "la   sp, _stack_top",
        "tail {report}",
        report = sym report_kernel_fault,
    )
}

/// Panics with the cause, once; a fault while panicking stops for good.
extern "C" fn report_kernel_fault(cause: usize, pc: usize, value: usize, stack: usize) -> ! {
    static REPORTED: AtomicBool = AtomicBool::new(false);
    if REPORTED.load(Ordering::Relaxed) {
        loop {
            csr::wait_for_interrupt();
        }
    }
    REPORTED.store(true, Ordering::Relaxed);
    let fault = Fault { cause, value, pc };
    panic!("kernel fault: {fault} sp {stack:#010x}");
}
