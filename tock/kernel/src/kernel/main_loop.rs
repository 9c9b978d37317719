//! The main loop: the kernel's own work, then processes, then sleep.

use core::num::NonZeroU32;

use super::registry::Kernel;
use crate::capabilities::MainLoopCapability;
use crate::deferred_call::DeferredCall;
use crate::ipc::IPC;
use crate::platform::chip::Chip;
use crate::platform::mpu::MPU;
use crate::platform::scheduler_timer::SchedulerTimer;
use crate::platform::watchdog::WatchDog;
use crate::platform::{ContextSwitchCallback, KernelResources, ProcessFault};
use crate::process::{Process, State, StoppedExecutingReason, Task};
use crate::scheduler::{Scheduler, SchedulingDecision};
use crate::syscall::{ContextSwitchReason, SyscallReturn};

/// A process is not entered for less than this: the switch would take most of
/// the slice.
const MINIMUM_SLICE_US: u32 = 500;

impl Kernel {
    /// Runs the system, for ever.
    ///
    /// # Panics
    ///
    /// If the board set deferred calls up wrongly.
    pub fn kernel_loop<KR: KernelResources<C>, C: Chip, const NUM_PROCS: u8>(
        &self,
        resources: &KR,
        chip: &C,
        ipc: Option<&IPC<NUM_PROCS>>,
        capability: &dyn MainLoopCapability,
    ) -> ! {
        resources.watchdog().setup();
        DeferredCall::verify_setup();
        loop {
            self.kernel_loop_operation(resources, chip, ipc, false, capability);
        }
    }

    /// One round of [`Self::kernel_loop`]; does not sleep if `no_sleep`.
    pub fn kernel_loop_operation<KR: KernelResources<C>, C: Chip, const NUM_PROCS: u8>(
        &self,
        resources: &KR,
        chip: &C,
        _ipc: Option<&IPC<NUM_PROCS>>,
        no_sleep: bool,
        _capability: &dyn MainLoopCapability,
    ) {
        let scheduler = resources.scheduler();
        resources.watchdog().tickle();
        if scheduler.do_kernel_work_now(chip) {
            scheduler.execute_kernel_work(chip);
            return;
        }
        match scheduler.next() {
            SchedulingDecision::RunProcess((processid, timeslice_us)) => {
                if let Some(process) = self.get_process(processid) {
                    let (reason, used_us) = self.do_process(resources, chip, process, timeslice_us);
                    scheduler.result(reason, used_us);
                }
            }
            SchedulingDecision::TrySleep if no_sleep => {}
            SchedulingDecision::TrySleep => chip.with_interrupts_disabled(|| {
                // An interrupt between the check and the sleep stays pending,
                // and sleep returns at once.
                if !chip.has_pending_interrupts() && !DeferredCall::has_tasks() {
                    resources.watchdog().suspend();
                    chip.sleep();
                    resources.watchdog().resume();
                }
            }),
        }
    }

    /// Runs `process` for a slice, or without limit if that is `None`.
    /// Returns why it stopped and how many microseconds it used.
    fn do_process<KR: KernelResources<C>, C: Chip>(
        &self,
        resources: &KR,
        chip: &C,
        process: &dyn Process,
        timeslice_us: Option<NonZeroU32>,
    ) -> (StoppedExecutingReason, Option<u32>) {
        let timer: &dyn SchedulerTimer = match timeslice_us {
            Some(_) => resources.scheduler_timer(),
            None => &(),
        };
        timer.reset();
        if let Some(slice) = timeslice_us {
            timer.start(slice);
        }
        let reason = self.run_slice(resources, chip, process, timer);
        let used_us = timeslice_us.map(|slice| {
            let left = timer.get_remaining_us().map_or(0, NonZeroU32::get);
            slice.get().saturating_sub(left)
        });
        timer.reset();
        (reason, used_us)
    }

    fn run_slice<KR: KernelResources<C>, C: Chip>(
        &self,
        resources: &KR,
        chip: &C,
        process: &dyn Process,
        timer: &dyn SchedulerTimer,
    ) -> StoppedExecutingReason {
        loop {
            match timer.get_remaining_us() {
                Some(left) if left.get() > MINIMUM_SLICE_US => {}
                _ => return StoppedExecutingReason::TimesliceExpired,
            }
            if !resources
                .scheduler()
                .continue_process(process.processid(), chip)
            {
                return StoppedExecutingReason::KernelPreemption;
            }
            match process.get_state() {
                State::Running => {}
                State::Yielded => match process.dequeue_task() {
                    Some(Task::FunctionCall(call)) => process.set_process_function(call),
                    // Upcalls without a function do not end a yield-wait.
                    Some(Task::ReturnValue(_)) => {}
                    None => return StoppedExecutingReason::NoWorkLeft,
                },
                State::YieldedFor(id) => match process.remove_upcall(id) {
                    Some(task) => {
                        let (a, b, c) = task.arguments();
                        process.set_syscall_return_value(SyscallReturn::YieldWaitFor(a, b, c));
                    }
                    None => return StoppedExecutingReason::NoWorkLeft,
                },
                State::Faulted => return StoppedExecutingReason::StoppedFaulted,
                State::Terminated => return StoppedExecutingReason::Stopped,
            }
            // What it waited for may not have come, or not have been acceptable.
            if process.get_state() == State::Running {
                self.execute(resources, chip, process, timer);
            }
        }
    }

    /// Runs the process's own instructions until it stops, and deals with
    /// what stopped it.
    fn execute<KR: KernelResources<C>, C: Chip>(
        &self,
        resources: &KR,
        chip: &C,
        process: &dyn Process,
        timer: &dyn SchedulerTimer,
    ) {
        resources
            .context_switch_callback()
            .context_switch_hook(process);
        process.setup_mpu();
        chip.mpu().enable_app_mpu();
        timer.arm();
        let reason = process.switch_to();
        timer.disarm();
        // SAFETY: no process runs until this function does all of the above
        // again.
        unsafe { chip.mpu().disable_app_mpu() };

        match &reason {
            Some(ContextSwitchReason::SyscallFired { syscall }) => {
                self.handle_syscall(resources, process, syscall);
            }
            Some(ContextSwitchReason::Interrupted) => {}
            Some(ContextSwitchReason::Fault) => {
                if resources
                    .process_fault()
                    .process_fault_hook(process)
                    .is_err()
                {
                    process.set_fault_state();
                }
            }
            None => process.set_fault_state(),
        }
    }
}
