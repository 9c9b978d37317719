//! A chip whose processes follow a script.

use core::cell::{Cell, RefCell};
use core::fmt::{self, Write};
use std::collections::{HashMap, VecDeque};
use std::vec::Vec;

use crate::platform::chip::{Chip, ThreadIdProvider};
use crate::platform::mpu::{Permissions, Region, MPU};
use crate::process::FunctionCall;
use crate::syscall::{ContextSwitchReason, Syscall, SyscallReturn, UserspaceKernelBoundary};

/// What a process does when it runs.
pub(super) enum Step {
    /// It makes a system call.
    Call(Syscall),
    /// It faults.
    Fault,
    /// It is interrupted, for ever.
    Hog,
}

/// What a process has done and seen, by the start of its memory.
#[derive(Default)]
pub(super) struct Record {
    pub(super) script: VecDeque<Step>,
    pub(super) results: Vec<SyscallReturn>,
    pub(super) functions: Vec<FunctionCall>,
    /// It has no room for a function that it is to call.
    pub(super) refuses: bool,
}

#[derive(Default)]
pub(super) struct FakeChip {
    pub(super) mpu: FakeMpu,
    pub(super) boundary: FakeBoundary,
}

#[derive(Default)]
pub(super) struct FakeBoundary {
    pub(super) records: RefCell<HashMap<usize, Record>>,
}

impl FakeBoundary {
    fn record<R>(&self, start: *const u8, action: impl FnOnce(&mut Record) -> R) -> R {
        action(self.records.borrow_mut().entry(start.addr()).or_default())
    }
}

/// A process's registers: a secret that must not outlive it.
#[derive(Default)]
pub(super) struct Registers {
    pub(super) secret: u64,
}

impl UserspaceKernelBoundary for FakeBoundary {
    type StoredState = Registers;

    fn initial_process_app_brk_size(&self) -> usize {
        64
    }

    unsafe fn initialize_process(
        &self,
        start: *const u8,
        app_brk: *const u8,
        state: &mut Registers,
    ) -> Result<(), ()> {
        assert_eq!(app_brk.addr() - start.addr(), 64);
        assert_eq!(state.secret, 0);
        Ok(())
    }

    unsafe fn set_syscall_return_value(
        &self,
        start: *const u8,
        _app_brk: *const u8,
        _state: &mut Registers,
        return_value: SyscallReturn,
    ) -> Result<(), ()> {
        self.record(start, |record| record.results.push(return_value));
        Ok(())
    }

    unsafe fn set_process_function(
        &self,
        start: *const u8,
        _app_brk: *const u8,
        _state: &mut Registers,
        upcall: FunctionCall,
    ) -> Result<(), ()> {
        self.record(start, |record| {
            if record.refuses {
                return Err(());
            }
            record.functions.push(upcall);
            Ok(())
        })
    }

    unsafe fn switch_to_process(
        &self,
        start: *const u8,
        _app_brk: *const u8,
        state: &mut Registers,
    ) -> (ContextSwitchReason, Option<*const u8>) {
        state.secret = 0x5EC2_E75E_C2E7_5EC2;
        let reason = self.record(start, |record| match record.script.pop_front() {
            Some(Step::Call(syscall)) => ContextSwitchReason::SyscallFired { syscall },
            Some(Step::Fault) => ContextSwitchReason::Fault,
            Some(Step::Hog) => {
                record.script.push_front(Step::Hog);
                ContextSwitchReason::Interrupted
            }
            // A script that has ended waits.
            None => ContextSwitchReason::SyscallFired {
                syscall: Syscall::Yield {
                    yield_type: crate::syscall::YieldVariant::Wait,
                },
            },
        });
        (reason, None)
    }

    unsafe fn print_context(
        &self,
        _start: *const u8,
        _app_brk: *const u8,
        _state: &Registers,
        writer: &mut dyn Write,
    ) {
        write!(writer, "load access fault at 0x10000000 pc 0x20048120").unwrap();
    }
}

/// A protection unit without limits of its own, which checks what it is told.
#[derive(Default)]
pub(super) struct FakeMpu {
    /// The end of what the process that runs can reach.
    pub(super) loaded_break: Cell<usize>,
}

#[derive(Default)]
pub(super) struct FakeRegions {
    flash: bool,
    block: Option<(usize, usize)>,
    app_break: usize,
}

impl fmt::Display for FakeRegions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x?}", self.block)
    }
}

// SAFETY: nothing runs in user mode on the host.
unsafe impl MPU for FakeMpu {
    type MpuConfig = FakeRegions;

    fn enable_app_mpu(&self) {}

    unsafe fn disable_app_mpu(&self) {}

    fn number_total_regions(&self) -> usize {
        2
    }

    fn new_config(&self) -> Option<FakeRegions> {
        Some(FakeRegions::default())
    }

    fn reset_config(&self, config: &mut FakeRegions) {
        *config = FakeRegions::default();
    }

    fn allocate_region(
        &self,
        start: *const u8,
        size: usize,
        min_size: usize,
        permissions: Permissions,
        config: &mut FakeRegions,
    ) -> Option<Region> {
        assert_eq!(permissions, Permissions::ReadExecuteOnly);
        assert!(!config.flash && config.block.is_none());
        config.flash = true;
        (size >= min_size).then(|| Region::new(start, min_size))
    }

    fn remove_memory_region(&self, _region: Region, _config: &mut FakeRegions) -> Result<(), ()> {
        Err(())
    }

    fn allocate_app_memory_region(
        &self,
        start: *const u8,
        size: usize,
        min_size: usize,
        app_size: usize,
        kernel_size: usize,
        permissions: Permissions,
        config: &mut FakeRegions,
    ) -> Option<(*const u8, usize)> {
        assert_eq!(permissions, Permissions::ReadWriteOnly);
        assert!(config.block.is_none() && app_size + kernel_size <= min_size);
        config.block = Some((start.addr(), min_size));
        config.app_break = start.addr() + app_size;
        (size >= min_size).then_some((start, min_size))
    }

    fn update_app_memory_region(
        &self,
        app_break: *const u8,
        kernel_break: *const u8,
        permissions: Permissions,
        config: &mut FakeRegions,
    ) -> Result<(), ()> {
        let (start, len) = config.block.unwrap();
        assert_eq!(permissions, Permissions::ReadWriteOnly);
        assert!((start..=kernel_break.addr()).contains(&app_break.addr()));
        assert!(kernel_break.addr() < start + len);
        config.app_break = app_break.addr();
        Ok(())
    }

    unsafe fn configure_mpu(&self, config: &FakeRegions) {
        assert!(config.flash);
        self.loaded_break.set(config.app_break);
    }
}

/// Tests run one at a time, so that they can pass for one thread.
pub(super) struct OneThread;

// SAFETY: `World` holds a lock while it exists, and nothing outside of it
// uses what belongs to the kernel's thread.
unsafe impl ThreadIdProvider for OneThread {
    fn running_thread_id() -> usize {
        0
    }
}

impl Chip for FakeChip {
    type MPU = FakeMpu;
    type ThreadIdProvider = OneThread;
    type UserspaceKernelBoundary = FakeBoundary;

    fn init() {}

    fn service_pending_interrupts(&self) {}

    fn has_pending_interrupts(&self) -> bool {
        false
    }

    fn mpu(&self) -> &FakeMpu {
        &self.mpu
    }

    fn userspace_kernel_boundary(&self) -> &FakeBoundary {
        &self.boundary
    }

    fn sleep(&self) {}

    fn with_interrupts_disabled<F, R>(&self, f: F) -> R
    where
        F: FnOnce() -> R,
    {
        f()
    }

    unsafe fn print_state(_this: Option<&Self>, _writer: &mut dyn Write) {}
}
