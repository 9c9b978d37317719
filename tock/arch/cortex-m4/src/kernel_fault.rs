//! Exceptions that stop the kernel itself.

use core::arch::naked_asm;
use core::cell::Cell;
use cortexm::barrier;
use cortexm::exception::FAULTS;
use cortexm::fault::Fault;
use cortexm::frame::{Frame, FRAME_BYTES};
use cortexm::system_control;
use cortexm::thread_id::CortexMThreadIdProvider;
use kernel::utilities::single_thread_value::SingleThreadValue;

extern "C" {
    static _stack_bottom: u8;
    static _stack_top: u8;
}

/// An exception that is not a process's. The interrupted kernel stack may be the
/// problem, and will not be returned to, so start over at its top.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn enter() {
    naked_asm!(
        "cpsid i",
        "mrs  r0, ipsr",
        "mrs  r1, msp",
        "movw r2, #:lower16:_stack_top",
        "movt r2, #:upper16:_stack_top",
        "msr  msp, r2",
        "b    {report}",
        report = sym report,
    )
}

/// Written by [`report`] alone, before it panics.
static KERNEL_FAULT: SingleThreadValue<Cell<Option<Fault>>> = SingleThreadValue::new();

/// The exception that stopped the kernel, for the panic handler.
pub fn kernel_fault() -> Option<Fault> {
    KERNEL_FAULT.get().and_then(Cell::get)
}

/// Panics, once; a fault while panicking stops for good. `stack` is where the
/// exception found the kernel's stack.
extern "C" fn report(exception: u32, stack: u32) -> ! {
    let seen = Cell::new(Some(describe(exception, stack)));
    // SAFETY: there is one thread, and it is here.
    let first = unsafe { KERNEL_FAULT.bind_to_thread_unsafe::<CortexMThreadIdProvider>(seen) };
    if first.is_err() {
        loop {
            barrier::wait_for_interrupt();
        }
    }
    panic!("kernel fault");
}

fn describe(exception: u32, stack: u32) -> Fault {
    let bottom = (&raw const _stack_bottom).addr() as u32;
    let top = (&raw const _stack_top).addr() as u32;
    let frame_is_there = (bottom..=top - FRAME_BYTES).contains(&stack);
    let pc = match frame_is_there && stack.is_multiple_of(4) {
        // SAFETY: the main stack is readable, and nobody writes it now.
        true => unsafe { (*core::ptr::with_exposed_provenance::<Frame>(stack as usize)).pc },
        false => 0,
    };
    match FAULTS.contains(&exception) {
        true => Fault::new(&system_control::fault(), pc, stack, bottom),
        false => Fault {
            name: "unexpected exception",
            address: exception,
            pc,
        },
    }
}
