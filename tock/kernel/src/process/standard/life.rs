//! How a process starts, ends, faults and starts again.
//!
//! Whatever way a process ends, everything it had is wiped right then: its
//! memory, its grants, its registers, what waited for it. If one of its
//! grants is in use at that moment (a capsule ends a process whose data it is
//! looking at), the wipe waits until the grant is left.

use core::fmt;

use super::record::ProcessStandard;
use crate::collections::queue::Queue;
use crate::debug;
use crate::platform::chip::Chip;
use crate::platform::mpu::{Permissions, MPU};
use crate::process::id::ProcessId;
use crate::process::interface::Process;
use crate::process::policies::ProcessStandardDebug;
use crate::process::state::{FaultAction, State};
use crate::process::task::{FunctionCall, FunctionCallSource, Task};
use crate::syscall::UserspaceKernelBoundary;
use crate::utilities::cells::MapCell;

impl<C: Chip, D: ProcessStandardDebug> ProcessStandard<'_, C, D> {
    /// Starts the process, whose memory is wiped: sets its regions up and
    /// queues its first function.
    pub(super) fn begin(&self) -> Result<(), ()> {
        let boundary = self.chip.userspace_kernel_boundary();
        self.memory
            .set_app_break(self.memory.start().addr() + boundary.initial_process_app_brk_size());
        self.mpu_config
            .map(|config| self.configure_regions(config))
            .unwrap_or(Err(()))?;

        let mut state = Default::default();
        // SAFETY: the bounds are this process's.
        unsafe {
            boundary.initialize_process(self.memory.start(), self.memory.app_break(), &mut state)
        }?;
        self.stored_state.put(state);
        self.completion_code.clear();
        self.state.set(State::Yielded);

        // The arguments of a process's first function: its code, its memory,
        // the length of its memory, its break.
        let first = FunctionCall {
            source: FunctionCallSource::Kernel,
            pc: self.at_flash(self.header.get_init_function_offset()).into(),
            argument0: self.at_flash(self.header.get_app_start_offset()).addr(),
            argument1: self.memory.start().addr(),
            argument2: self.memory.len(),
            argument3: self.memory.app_break().addr().into(),
        };
        self.enqueue_task(Task::FunctionCall(first)).map_err(|_| ())
    }

    /// Gives the process its flash, to read and execute, and its memory, to
    /// read and write, up to its break.
    fn configure_regions(&self, config: &mut <C::MPU as MPU>::MpuConfig) -> Result<(), ()> {
        let mpu = self.chip.mpu();
        mpu.reset_config(config);
        mpu.allocate_region(
            self.flash.as_ptr(),
            self.flash.len(),
            self.flash.len(),
            Permissions::ReadExecuteOnly,
            config,
        )
        .ok_or(())?;
        let start = self.memory.start();
        let (block, len) = mpu
            .allocate_app_memory_region(
                start,
                self.memory.len(),
                self.memory.len(),
                self.memory.app_break().addr() - start.addr(),
                self.memory.end() - self.memory.kernel_start(),
                Permissions::ReadWriteOnly,
                config,
            )
            .ok_or(())?;
        if block.addr() != start.addr() || len != self.memory.len() {
            return Err(());
        }
        Ok(())
    }

    /// A pointer to an offset in the TBF.
    pub(super) fn at_flash(&self, offset: u32) -> *const u8 {
        self.flash.as_ptr().wrapping_add(offset as usize)
    }

    /// Ends the process, for good or to start again.
    pub(super) fn end(&self, state: State, completion_code: Option<u32>, restart: bool) {
        self.state.set(state);
        self.completion_code.set(completion_code);
        self.restart_pending.set(restart);
        self.wipe_pending.set(true);
        self.finish_end();
    }

    /// Wipes what is left of an ended process, and starts it again if it
    /// should; unless one of its grants is in use.
    pub(super) fn finish_end(&self) {
        if !self.wipe_pending.get() || self.grants.any_entered() {
            return;
        }
        self.wipe_pending.set(false);
        self.grants.clear();
        // Dropping the registers is not enough: the place they were in is
        // overwritten with those of a process that has not run.
        self.stored_state.put(Default::default());
        self.tasks.map(Queue::empty);
        self.stack_start.set(None);
        self.heap_start.set(None);
        // SAFETY: no grant is in use, buffers are slices of cells, and the
        // record is not in this part of the block.
        unsafe { self.memory.wipe() };

        let old = self.process_id.get();
        if self.restart_pending.replace(false) {
            self.restart_count
                .set(self.restart_count.get().saturating_add(1));
            self.process_id.set(ProcessId::new(
                self.kernel,
                self.kernel.create_process_identifier(),
                old.index,
            ));
            if self.begin().is_err() {
                self.state.set(State::Terminated);
            }
        }
    }

    /// Logs why the process faulted and does what the fault policy says.
    pub(super) fn fault(&self) {
        debug!(
            "fault: process {} {}",
            self.get_process_name(),
            Context {
                chip: self.chip,
                start: self.memory.start(),
                app_break: self.memory.app_break(),
                state: &self.stored_state,
            }
        );
        match self.fault_policy.action(self) {
            FaultAction::Panic => panic!("process {} faulted", self.get_process_name()),
            FaultAction::Restart => self.end(State::Terminated, None, true),
            FaultAction::Stop => self.end(State::Faulted, None, false),
        }
    }
}

/// How a process stopped, as the architecture describes it.
struct Context<'a, C: Chip> {
    chip: &'a C,
    start: *const u8,
    app_break: *const u8,
    state: &'a MapCell<<C::UserspaceKernelBoundary as UserspaceKernelBoundary>::StoredState>,
}

impl<C: Chip> fmt::Display for Context<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let boundary = self.chip.userspace_kernel_boundary();
        self.state.map(|state| {
            // SAFETY: the bounds are those of the process that the state
            // belongs to.
            unsafe { boundary.print_context(self.start, self.app_break, state, f) }
        });
        Ok(())
    }
}
