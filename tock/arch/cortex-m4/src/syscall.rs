//! The boundary between the kernel and its processes.

use crate::context;
use core::fmt::Write;
use core::ops::Range;
use cortexm::exception::{FAULTS, FIRST_INTERRUPT, SUPERVISOR_CALL};
use cortexm::frame::{Frame, FRAME_BYTES};
use cortexm::nvic::NVIC;
use cortexm::state::StoredState;
use cortexm::{convention, system_control};
use kernel::process::FunctionCall;
use kernel::syscall::{ContextSwitchReason, SyscallReturn, UserspaceKernelBoundary};

/// Length of an `svc`, in bytes.
const SVC_LENGTH: u32 = 2;

/// Switching to processes and interpreting why they stop.
pub struct SysCall(());

impl SysCall {
    /// The boundary.
    ///
    /// # Safety
    ///
    /// The caller keeps interrupts masked and runs no process by other means; at
    /// most one exists.
    pub const unsafe fn new() -> SysCall {
        SysCall(())
    }
}

/// The memory that a process can reach: its stack is somewhere in it.
struct Memory {
    start: *const u8,
    bounds: Range<u32>,
}

impl Memory {
    fn new(start: *const u8, app_break: *const u8) -> Memory {
        Memory {
            start,
            bounds: start.addr() as u32..app_break.addr() as u32,
        }
    }

    /// Takes the frame of a process that has stopped from its stack, if all of it is
    /// in this memory.
    fn take_frame(&self, state: &mut StoredState) -> Option<()> {
        let place = state.frame_place;
        let end = place.checked_add(FRAME_BYTES)?;
        if place < self.bounds.start || self.bounds.end < end || !place.is_multiple_of(4) {
            return None;
        }
        let frame = self.start.with_addr(place as usize).cast();
        // SAFETY: in the process's memory, aligned; while it does not run, the
        // kernel refers to that by cells only.
        unsafe { context::copy_frame(frame, &mut state.frame) };
        state.sp = state.frame.sp_above(place);
        Some(())
    }
}

/// The instruction that a process executed just before `pc`.
fn instruction_before(pc: u32) -> u16 {
    let address = pc.wrapping_sub(SVC_LENGTH) & !1;
    let pointer = core::ptr::with_exposed_provenance::<u16>(address as usize);
    // SAFETY: the processor has just executed it, so that it is in memory which
    // can be executed: flash, where the kernel may read anything.
    unsafe { pointer.read_volatile() }
}

/// Why the process stopped.
fn stop_reason(memory: &Memory, state: &mut StoredState) -> ContextSwitchReason {
    let fault = FAULTS.contains(&state.exception);
    if fault {
        state.status = system_control::take_fault();
    }
    if let Some(line) = state.exception.checked_sub(FIRST_INTERRUPT) {
        // Not serviced yet.
        NVIC.set_pending(line);
    }
    let lost = fault && state.status.lost_registers();
    if lost || memory.take_frame(state).is_none() {
        state.frame = Frame::default();
        state.sp = state.frame_place.wrapping_add(FRAME_BYTES);
        if !fault {
            state.exception = 0;
        }
        return ContextSwitchReason::Fault;
    }
    match state.exception {
        SUPERVISOR_CALL => convention::system_call(state, instruction_before(state.frame.pc)),
        _ if fault => ContextSwitchReason::Fault,
        _ => ContextSwitchReason::Interrupted,
    }
}

impl UserspaceKernelBoundary for SysCall {
    type StoredState = StoredState;

    /// Room for the first frame.
    fn initial_process_app_brk_size(&self) -> usize {
        FRAME_BYTES as usize
    }

    unsafe fn initialize_process(
        &self,
        _accessible_memory_start: *const u8,
        app_brk: *const u8,
        state: &mut StoredState,
    ) -> Result<(), ()> {
        *state = StoredState::at_start(app_brk.addr() as u32);
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
        accessible_memory_start: *const u8,
        app_brk: *const u8,
        state: &mut StoredState,
    ) -> (ContextSwitchReason, Option<*const u8>) {
        let memory = Memory::new(accessible_memory_start, app_brk);
        let reason = match state.frame.place(state.sp, &memory.bounds) {
            Some(place) => {
                state.frame_place = place;
                // SAFETY: `state` is borrowed exclusively, its frame's place is in the
                // process's memory, the kernel has enabled the process's memory
                // protection, and interrupts are masked (`new`).
                unsafe { context::run(state) };
                stop_reason(&memory, state)
            }
            None => {
                state.exception = 0;
                ContextSwitchReason::Fault
            }
        };
        let stack = core::ptr::without_provenance(state.sp as usize);
        (reason, Some(stack))
    }

    unsafe fn print_context(
        &self,
        accessible_memory_start: *const u8,
        _app_brk: *const u8,
        state: &StoredState,
        writer: &mut dyn Write,
    ) {
        let fault = state.fault(accessible_memory_start.addr() as u32);
        // A write that fails has nowhere else to go.
        let _ = write!(writer, "{fault}");
    }
}
