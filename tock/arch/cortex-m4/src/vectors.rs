//! The vector table (Arm DDI 0403, B1.5.2 and B1.5.3).

use crate::context::{enter_kernel, leave_kernel};
use crate::kernel_fault;
use crate::start::_start;

/// An exception handler.
type Handler = unsafe extern "C" fn();

extern "C" {
    static _stack_top: u8;
}

/// The table of a chip with `LINES` interrupt lines. The linker script puts it
/// where the processor looks for it: at address 0.
#[repr(C)]
pub struct Vectors<const LINES: usize> {
    stack_top: *const u8,
    reset: unsafe extern "C" fn() -> !,
    exceptions: [Handler; 14],
    lines: [Handler; LINES],
}

/// The first word of the table in force, which is at address 0, where Rust knows
/// no memory: the initial stack pointer.
pub fn first_vector() -> u32 {
    let word;
    // SAFETY: a load of the word that the processor loaded at reset.
    unsafe {
        core::arch::asm!(
            "ldr {word}, [{address}]",
            address = in(reg) 0,
            word = lateout(reg) word,
            options(nostack, preserves_flags, readonly),
        );
    }
    word
}

// SAFETY: it is never written, and the processor alone reads it.
unsafe impl<const LINES: usize> Sync for Vectors<LINES> {}

impl<const LINES: usize> Vectors<LINES> {
    /// The table: what can come while a process runs stops it, and nothing else
    /// may come.
    #[allow(clippy::new_without_default)] // for statics only
    pub const fn new() -> Self {
        let mut exceptions: [Handler; 14] = [kernel_fault::enter; 14];
        let handlers: [(usize, Handler); 7] = [
            (3, enter_kernel),  // hard fault
            (4, enter_kernel),  // memory management fault
            (5, enter_kernel),  // bus fault
            (6, enter_kernel),  // usage fault
            (11, enter_kernel), // svc
            (14, leave_kernel), // PendSV
            (15, enter_kernel), // SysTick
        ];
        let mut next = 0;
        while next < handlers.len() {
            let (number, handler) = handlers[next];
            exceptions[number - 2] = handler;
            next += 1;
        }
        Vectors {
            stack_top: &raw const _stack_top,
            reset: _start,
            exceptions,
            lines: [enter_kernel; LINES],
        }
    }
}
