//! Where every trap arrives.

use crate::fault::Fault;
use crate::thread_id::RiscvThreadIdProvider;
use core::arch::naked_asm;
use core::cell::Cell;
use kernel::utilities::single_thread_value::SingleThreadValue;
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
#[link_section = ".vectors"]
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
        // The swap at the entry left a stack pointer here; zero marks the kernel.
        "csrw mscratch, zero",
        "csrr a0, mcause",
        "csrr a1, mepc",
        "csrr a2, mtval",
        "la   sp, _stack_top",
        "tail {report}",
        report = sym report_kernel_fault,
    )
}

/// Written by [`report_kernel_fault`] alone, before it panics.
static KERNEL_FAULT: SingleThreadValue<Cell<Option<Fault>>> = SingleThreadValue::new();

/// The exception that stopped the kernel, for the panic handler.
pub fn kernel_fault() -> Option<Fault> {
    KERNEL_FAULT.get().and_then(Cell::get)
}

/// Panics, once; a fault while panicking stops for good.
extern "C" fn report_kernel_fault(cause: usize, pc: usize, value: usize) -> ! {
    let seen = Cell::new(Some(Fault { cause, value, pc }));
    // SAFETY: there is one thread, and it is here.
    let first = unsafe { KERNEL_FAULT.bind_to_thread_unsafe::<RiscvThreadIdProvider>(seen) };
    if first.is_err() {
        loop {
            csr::wait_for_interrupt();
        }
    }
    panic!("kernel fault");
}
