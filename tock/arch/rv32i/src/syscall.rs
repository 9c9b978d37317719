//! The boundary between the kernel and its processes.

use crate::context;
use crate::convention;
use crate::fault::Fault;
use crate::registers::{number, StoredState};
use core::fmt::Write;
use kernel::process::FunctionCall;
use kernel::syscall::{ContextSwitchReason, SyscallReturn, UserspaceKernelBoundary};

/// Switching to processes and interpreting why they stop.
pub struct SysCall(());

impl SysCall {
    /// The boundary.
    ///
    /// # Safety
    ///
    /// The caller keeps machine interrupts masked and runs no process by other
    /// means; at most one exists.
    pub const unsafe fn new() -> SysCall {
        SysCall(())
    }
}

// Processes' memory is never written here: their registers live in
// `StoredState`, in kernel memory, which is why the address arguments go unused.
impl UserspaceKernelBoundary for SysCall {
    type StoredState = StoredState;

    fn initial_process_app_brk_size(&self) -> usize {
        0
    }

    unsafe fn initialize_process(
        &self,
        _accessible_memory_start: *const u8,
        _app_brk: *const u8,
        state: &mut StoredState,
    ) -> Result<(), ()> {
        *state = StoredState::default();
        Ok(())
    }

    unsafe fn set_syscall_return_value(
        &self,
        _accessible_memory_start: *const u8,
        _app_brk: *const u8,
        state: &mut StoredState,
        return_value: SyscallReturn,
    ) -> Result<(), ()> {
        convention::put_result(state, return_value);
        Ok(())
    }

    unsafe fn set_process_function(
        &self,
        _accessible_memory_start: *const u8,
        _app_brk: *const u8,
        state: &mut StoredState,
        upcall: FunctionCall,
    ) -> Result<(), ()> {
        convention::put_call(state, upcall);
        Ok(())
    }

    unsafe fn switch_to_process(
        &self,
        _accessible_memory_start: *const u8,
        _app_brk: *const u8,
        state: &mut StoredState,
    ) -> (ContextSwitchReason, Option<*const u8>) {
        // SAFETY: `state` is borrowed exclusively, the kernel has enabled the
        // process's memory protection, and interrupts are masked (`new`).
        unsafe { context::enter(state) };
        let reason = convention::stop_reason(state);
        let stack = core::ptr::without_provenance(state.get(number::SP));
        (reason, Some(stack))
    }

    unsafe fn print_context(
        &self,
        _accessible_memory_start: *const u8,
        _app_brk: *const u8,
        state: &StoredState,
        writer: &mut dyn Write,
    ) {
        let fault = Fault {
            cause: state.cause,
            value: state.value,
            pc: state.pc,
        };
        // A write that fails has nowhere else to go.
        let _ = write!(writer, "{fault}");
    }
}
