//! A booted system.

use core::cell::Cell;
use std::boxed::Box;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::vec;
use std::vec::Vec;

use super::board::{Log, TestBoard, TestDriver, TestResources, TestTimer, TwoRestarts, DRIVER};
use super::chip::{FakeChip, OneThread, Step};
use super::tbf::Tbf;
use crate::capabilities::{
    MainLoopCapability, MemoryAllocationCapability, ProcessManagementCapability,
    SetDebugWriterCapability,
};
use crate::create_capability;
use crate::debug::{initialize_debug_writer_wrapper_unsafe, set_debug_writer_wrapper};
use crate::deferred_call::{
    initialize_deferred_call_state_unsafe, DeferredCall, DeferredCallClient,
};
use crate::errorcode::ErrorCode;
use crate::ipc::IPC;
use crate::kernel::Kernel;
use crate::process::{
    Process, ProcessArray, ProcessBinary, ProcessCheckerMachine, ProcessLoadingAsync,
    SequentialProcessLoaderMachine,
};
use crate::process_checker::{
    AppCredentialsPolicy, AppCredentialsPolicyClient, AppUniqueness, CheckResult, Compress,
};
use crate::syscall::{Syscall, SyscallReturn};
use crate::utilities::cells::OptionalCell;
use tock_tbf::types::{TbfFooterV2Credentials, TbfFooterV2CredentialsType};

/// How many processes there is room for.
pub(super) const SLOTS: usize = 3;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

pub(super) struct World {
    pub(super) kernel: &'static Kernel,
    pub(super) chip: &'static FakeChip,
    pub(super) resources: &'static TestResources,
    pub(super) log: &'static Log,
    _lock: MutexGuard<'static, ()>,
}

/// Accepts P-256 credentials whose bytes are 1, rejects all others of that
/// type, looks at no other type. Answers from a deferred call.
struct Checker {
    client: OptionalCell<&'static dyn AppCredentialsPolicyClient<'static>>,
    pending: Cell<Option<(TbfFooterV2Credentials, &'static [u8])>>,
    deferred_call: DeferredCall,
}

impl AppCredentialsPolicy<'static> for Checker {
    fn set_client(&self, client: &'static dyn AppCredentialsPolicyClient<'static>) {
        self.client.set(client);
    }

    fn require_credentials(&self) -> bool {
        false
    }

    fn check_credentials(
        &self,
        credentials: TbfFooterV2Credentials,
        integrity: &'static [u8],
    ) -> Result<(), (ErrorCode, TbfFooterV2Credentials, &'static [u8])> {
        if credentials.format() != TbfFooterV2CredentialsType::EcdsaNistP256 {
            return Err((ErrorCode::NOSUPPORT, credentials, integrity));
        }
        self.pending.set(Some((credentials, integrity)));
        self.deferred_call.set();
        Ok(())
    }
}

impl DeferredCallClient for Checker {
    fn handle_deferred_call(&self) {
        let (credentials, integrity) = self.pending.take().unwrap();
        let result = if credentials.data().iter().all(|byte| *byte == 1) {
            CheckResult::Accept(None)
        } else {
            CheckResult::Reject
        };
        let client = self.client.get().unwrap();
        client.check_done(Ok(result), credentials, integrity);
    }

    fn register(&'static self) {
        self.deferred_call.register(self);
    }
}

/// An identity for whoever has a credential and asks for one.
struct Identity;

impl Compress for Identity {
    fn to_short_id(&self, binary: &ProcessBinary) -> crate::process::ShortId {
        let signed = binary.get_credential();
        signed.and(binary.header.get_fixed_short_id()).into()
    }
}

impl AppUniqueness for Identity {
    fn different_identifier(&self, _a: &ProcessBinary, _b: &ProcessBinary) -> bool {
        true
    }

    fn different_identifier_process(&self, _a: &ProcessBinary, _b: &dyn Process) -> bool {
        true
    }

    fn different_identifier_processes(&self, _a: &dyn Process, _b: &dyn Process) -> bool {
        true
    }
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

impl World {
    /// Boots with these binaries in flash, erased flash behind them, and 16
    /// KiB of dirty RAM.
    pub(super) fn boot(binaries: &[Tbf]) -> World {
        let mut flash: Vec<u8> = binaries.iter().flat_map(Tbf::bytes).collect();
        flash.resize(flash.len() + 64, 0xFF);
        Self::boot_flash(flash, 16 * 1024)
    }

    pub(super) fn boot_flash(flash: Vec<u8>, ram: usize) -> World {
        let lock = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the lock keeps other threads out.
        unsafe {
            initialize_deferred_call_state_unsafe::<OneThread>();
            initialize_debug_writer_wrapper_unsafe::<OneThread>();
        }
        let log = leak(Log::default());
        set_debug_writer_wrapper(log, create_capability!(SetDebugWriterCapability));

        let slots = leak(ProcessArray::<SLOTS>::new());
        let kernel = leak(Kernel::new(slots.as_slice()));
        let chip = leak(FakeChip::default());
        let memory = create_capability!(MemoryAllocationCapability);
        let resources = leak(TestResources {
            board: TestBoard {
                kernel,
                driver: TestDriver {
                    grant: kernel.create_grant(DRIVER, &memory),
                    last_caller: Cell::new(None),
                },
                refusal: Cell::new(None),
                turn: Cell::new(0),
            },
            timer: TestTimer::default(),
        });

        let policy = leak(Checker {
            client: OptionalCell::empty(),
            pending: Cell::new(None),
            deferred_call: DeferredCall::new(),
        });
        policy.register();
        let checker = leak(ProcessCheckerMachine::new(policy));
        policy.set_client(checker);
        let binaries: Vec<Option<ProcessBinary>> = (0..SLOTS).map(|_| None).collect();
        // Words, so that the block is aligned.
        let ram = vec![0xA5A5_A5A5_A5A5_A5A5_u64; ram / 8].leak();
        // SAFETY: bytes are a valid view of words.
        let ram = unsafe {
            core::slice::from_raw_parts_mut(ram.as_mut_ptr().cast::<u8>(), ram.len() * 8)
        };
        let loader = leak(SequentialProcessLoaderMachine::<FakeChip, ()>::new(
            checker,
            binaries.leak(),
            kernel,
            chip,
            flash.leak(),
            ram,
            leak(TwoRestarts),
            leak(()),
            leak(Identity),
            &create_capability!(ProcessManagementCapability),
        ));
        checker.set_client(loader);
        loader.register();
        DeferredCall::verify_setup();
        loader.start();
        while DeferredCall::service_next_pending().is_some() {}
        World {
            kernel,
            chip,
            resources,
            log,
            _lock: lock,
        }
    }

    /// The process in a slot.
    pub(super) fn process(&self, slot: usize) -> &'static dyn Process {
        self.kernel.slots()[slot].get().unwrap()
    }

    /// How many processes there are.
    pub(super) fn count(&self) -> usize {
        self.kernel.process_iter().count()
    }

    /// Adds steps to what a process does, without running it.
    pub(super) fn script(&self, slot: usize, steps: impl IntoIterator<Item = Step>) {
        let start = self.process(slot).get_addresses().sram_start;
        let mut records = self.chip.boundary.records.borrow_mut();
        records.entry(start).or_default().script.extend(steps);
    }

    /// Runs the kernel loop for some rounds.
    pub(super) fn run(&self) {
        let capability = create_capability!(MainLoopCapability);
        for _ in 0..20 {
            self.kernel.kernel_loop_operation(
                self.resources,
                self.chip,
                None::<&IPC<0>>,
                true,
                &capability,
            );
        }
    }

    /// Wakes a waiting process and has it make these system calls; returns
    /// what they returned.
    pub(super) fn calls(
        &self,
        slot: usize,
        calls: impl IntoIterator<Item = Syscall>,
    ) -> Vec<SyscallReturn> {
        self.script(slot, calls.into_iter().map(Step::Call));
        self.wake(slot);
        self.run();
        let start = self.process(slot).get_addresses().sram_start;
        let mut records = self.chip.boundary.records.borrow_mut();
        core::mem::take(&mut records.entry(start).or_default().results)
    }

    /// Makes one system call.
    pub(super) fn call(&self, slot: usize, call: Syscall) -> SyscallReturn {
        let results = self.calls(slot, [call]);
        assert_eq!(results.len(), 1, "{results:?}");
        results[0]
    }

    /// From now on a process can be made to call no function.
    pub(super) fn refuse_functions(&self, slot: usize) {
        let start = self.process(slot).get_addresses().sram_start;
        let mut records = self.chip.boundary.records.borrow_mut();
        records.entry(start).or_default().refuses = true;
    }

    /// The functions of a process that were called since last asked.
    pub(super) fn functions(&self, slot: usize) -> Vec<crate::process::FunctionCall> {
        let start = self.process(slot).get_addresses().sram_start;
        let mut records = self.chip.boundary.records.borrow_mut();
        core::mem::take(&mut records.entry(start).or_default().functions)
    }

    /// Lets a process that waits go on, as an upcall would.
    pub(super) fn wake(&self, slot: usize) {
        let process = self.process(slot);
        if process.get_state() == crate::process::State::Yielded && !process.has_tasks() {
            process.set_process_function(super::processes::nothing());
            self.functions(slot);
        }
    }

    /// All of a process's block but what the kernel keeps at its top.
    pub(super) fn memory(&self, slot: usize) -> &'static [Cell<u8>] {
        let addresses = self.process(slot).get_addresses();
        let length = addresses.sram_grant_start - addresses.sram_start;
        // SAFETY: the block is leaked memory, and cells allow for changes.
        unsafe {
            core::slice::from_raw_parts(
                core::ptr::with_exposed_provenance(addresses.sram_start),
                length,
            )
        }
    }
}
