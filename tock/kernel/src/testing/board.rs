//! A board with one driver, a filter that can be closed, and a scheduler.

use core::cell::{Cell, RefCell};
use core::num::NonZeroU32;
use std::string::String;

use super::chip::FakeChip;
use crate::debug::DebugWriter;
use crate::errorcode::ErrorCode;
use crate::grant::{AllowRoCount, AllowRwCount, Grant, UpcallCount};
use crate::kernel::Kernel;
use crate::platform::scheduler_timer::SchedulerTimer;
use crate::platform::{KernelResources, SyscallDriverLookup, SyscallFilter};
use crate::process::{
    Error, FaultAction, Process, ProcessFaultPolicy, ProcessId, StoppedExecutingReason,
};
use crate::scheduler::{Scheduler, SchedulingDecision};
use crate::syscall::{CommandReturn, Syscall, SyscallDriver};
use crate::utilities::io_write::IoWrite;

/// The driver: two upcalls, a buffer of each kind, a number in its grant.
pub(super) const DRIVER: usize = 0x9_0000;
/// A driver that has no grant.
pub(super) const BARE_DRIVER: usize = 0x9_0001;

pub(super) type DriverGrant = Grant<u64, UpcallCount<2>, AllowRoCount<1>, AllowRwCount<1>>;

pub(super) struct TestDriver {
    pub(super) grant: DriverGrant,
    pub(super) last_caller: Cell<Option<ProcessId>>,
}

impl SyscallDriver for TestDriver {
    /// 0: exists. 1: schedules upcall `r2` with arguments `r3`, 2, 3.
    /// 2: stores `r2` in the grant. 3: ends the process from inside its grant.
    fn command(&self, number: usize, r2: usize, r3: usize, id: ProcessId) -> CommandReturn {
        self.last_caller.set(Some(id));
        match number {
            0 => CommandReturn::success(),
            1 => {
                let scheduled = self.grant.enter(id, |_, kernel_data| {
                    kernel_data.schedule_upcall(r2, (r3, 2, 3))
                });
                match scheduled {
                    Ok(Ok(())) => CommandReturn::success(),
                    Ok(Err(_)) => CommandReturn::failure(ErrorCode::BUSY),
                    Err(error) => error.into(),
                }
            }
            2 => match self.grant.enter(id, |data, _| **data = r2 as u64) {
                Ok(()) => CommandReturn::success(),
                Err(error) => error.into(),
            },
            3 => {
                let _ = self.grant.enter(id, |data, _| {
                    **data = u64::MAX;
                    id.kernel
                        .process_map_or((), id, |process| process.try_restart(None));
                    // Still ours, although the process is gone.
                    assert_eq!(**data, u64::MAX);
                });
                CommandReturn::success()
            }
            _ => CommandReturn::failure(ErrorCode::NOSUPPORT),
        }
    }

    fn allocate_grant(&self, id: ProcessId) -> Result<(), Error> {
        self.grant.enter(id, |_, _| {})
    }
}

/// A driver without a grant.
struct BareDriver;

impl SyscallDriver for BareDriver {
    fn allocate_grant(&self, _id: ProcessId) -> Result<(), Error> {
        Ok(())
    }
}

pub(super) struct TestBoard {
    pub(super) kernel: &'static Kernel,
    pub(super) driver: TestDriver,
    /// What the filter says.
    pub(super) refusal: Cell<Option<ErrorCode>>,
    /// Whose turn it is.
    pub(super) turn: Cell<usize>,
}

impl SyscallDriverLookup for TestBoard {
    fn with_driver<F, R>(&self, driver_num: usize, f: F) -> R
    where
        F: FnOnce(Option<&dyn SyscallDriver>) -> R,
    {
        match driver_num {
            DRIVER => f(Some(&self.driver)),
            BARE_DRIVER => f(Some(&BareDriver)),
            _ => f(None),
        }
    }
}

impl SyscallFilter for TestBoard {
    fn filter_syscall(&self, _process: &dyn Process, _syscall: &Syscall) -> Result<(), ErrorCode> {
        self.refusal.get().map_or(Ok(()), Err)
    }
}

impl Scheduler<FakeChip> for TestBoard {
    fn next(&self) -> SchedulingDecision {
        let count = self.kernel.slots().len();
        for _ in 0..count {
            self.turn.set((self.turn.get() + 1) % count);
            let process = self.kernel.slots()[self.turn.get()].get();
            if let Some(process) = process.filter(|process| process.ready()) {
                let slice = NonZeroU32::new(10_000);
                return SchedulingDecision::RunProcess((process.processid(), slice));
            }
        }
        SchedulingDecision::TrySleep
    }

    fn result(&self, _result: StoppedExecutingReason, _used_us: Option<u32>) {}
}

/// Every look at the clock takes 1 ms.
#[derive(Default)]
pub(super) struct TestTimer {
    left: Cell<u32>,
}

impl SchedulerTimer for TestTimer {
    fn start(&self, us: NonZeroU32) {
        self.left.set(us.get());
    }

    fn reset(&self) {}

    fn arm(&self) {}

    fn disarm(&self) {}

    fn get_remaining_us(&self) -> Option<NonZeroU32> {
        self.left.set(self.left.get().saturating_sub(1_000));
        NonZeroU32::new(self.left.get())
    }
}

pub(super) struct TestResources {
    pub(super) board: TestBoard,
    pub(super) timer: TestTimer,
}

impl KernelResources<FakeChip> for TestResources {
    type SyscallDriverLookup = TestBoard;
    type SyscallFilter = TestBoard;
    type ProcessFault = ();
    type ContextSwitchCallback = ();
    type Scheduler = TestBoard;
    type SchedulerTimer = TestTimer;
    type WatchDog = ();

    fn syscall_driver_lookup(&self) -> &TestBoard {
        &self.board
    }

    fn syscall_filter(&self) -> &TestBoard {
        &self.board
    }

    fn process_fault(&self) -> &() {
        &()
    }

    fn context_switch_callback(&self) -> &() {
        &()
    }

    fn scheduler(&self) -> &TestBoard {
        &self.board
    }

    fn scheduler_timer(&self) -> &TestTimer {
        &self.timer
    }

    fn watchdog(&self) -> &() {
        &()
    }
}

/// Restarts a process twice, then leaves it stopped.
pub(super) struct TwoRestarts;

impl ProcessFaultPolicy for TwoRestarts {
    fn action(&self, process: &dyn Process) -> FaultAction {
        if process.get_restart_count() < 2 {
            FaultAction::Restart
        } else {
            FaultAction::Stop
        }
    }
}

/// Keeps the kernel's log.
#[derive(Default)]
pub(super) struct Log(pub(super) RefCell<String>);

impl DebugWriter for Log {
    fn write(&self, bytes: &[u8], _overflow_message: &[u8]) -> usize {
        let text = core::str::from_utf8(bytes).unwrap();
        self.0.borrow_mut().push_str(text);
        bytes.len()
    }

    fn available_len(&self) -> usize {
        usize::MAX
    }

    fn to_write_len(&self) -> usize {
        0
    }

    fn publish(&self) -> usize {
        0
    }

    fn flush(&self, _writer: &mut dyn IoWrite) {}
}
