//! [`UserspaceKernelBoundary`]: the switch between kernel and process.

use core::fmt::Write;

use crate::process::FunctionCall;
use crate::syscall::{Syscall, SyscallReturn};

/// Why a process stopped and the kernel runs again.
#[derive(Clone, Copy, PartialEq)]
pub enum ContextSwitchReason {
    /// It made a system call.
    SyscallFired {
        /// The call.
        syscall: Syscall,
    },
    /// It did something forbidden or made no sense (an unknown system call).
    Fault,
    /// An interrupt came.
    Interrupted,
}

/// The architecture's way into user mode and back.
///
/// `accessible_memory_start` and `app_brk` bound the memory that the process
/// can reach; an implementation that keeps registers on the process's stack
/// checks its stack pointer against them.
pub trait UserspaceKernelBoundary {
    /// What is kept of a process while it does not run. The kernel drops it
    /// for `Default` when the process ends, so that no register content
    /// outlives it.
    type StoredState: Default;

    /// How much memory a process must be able to reach before its first
    /// instruction, in bytes.
    fn initial_process_app_brk_size(&self) -> usize;

    /// Prepares `state` for the start of a process.
    ///
    /// # Safety
    ///
    /// The bounds must be those of the process that `state` belongs to.
    #[allow(clippy::result_unit_err)] // Tock's interface
    unsafe fn initialize_process(
        &self,
        accessible_memory_start: *const u8,
        app_brk: *const u8,
        state: &mut Self::StoredState,
    ) -> Result<(), ()>;

    /// Makes the pending system call return `return_value`.
    ///
    /// # Safety
    ///
    /// The bounds must be those of the process that `state` belongs to.
    #[allow(clippy::result_unit_err)] // Tock's interface
    unsafe fn set_syscall_return_value(
        &self,
        accessible_memory_start: *const u8,
        app_brk: *const u8,
        state: &mut Self::StoredState,
        return_value: SyscallReturn,
    ) -> Result<(), ()>;

    /// Makes the process call a function next, and go on after its yield when
    /// the function returns.
    ///
    /// # Safety
    ///
    /// The bounds must be those of the process that `state` belongs to.
    #[allow(clippy::result_unit_err)] // Tock's interface
    unsafe fn set_process_function(
        &self,
        accessible_memory_start: *const u8,
        app_brk: *const u8,
        state: &mut Self::StoredState,
        upcall: FunctionCall,
    ) -> Result<(), ()>;

    /// Runs the process until it must stop. Returns why, and its stack
    /// pointer.
    ///
    /// # Safety
    ///
    /// The bounds must be those of the process that `state` belongs to, and
    /// the memory protection unit must be set up for it.
    unsafe fn switch_to_process(
        &self,
        accessible_memory_start: *const u8,
        app_brk: *const u8,
        state: &mut Self::StoredState,
    ) -> (ContextSwitchReason, Option<*const u8>);

    /// Describes how the process stopped, in one line without an end:
    /// `<cause> at <hex address> pc <hex>`. The kernel itself logs every fault
    /// with it, as `fault: process <name> <context>`; a board needs no fault
    /// hook for that.
    ///
    /// # Safety
    ///
    /// The bounds must be those of the process that `state` belongs to.
    unsafe fn print_context(
        &self,
        accessible_memory_start: *const u8,
        app_brk: *const u8,
        state: &Self::StoredState,
        writer: &mut dyn Write,
    );
}
