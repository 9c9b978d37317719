//! [`SequentialProcessLoaderMachine`]: finds TBFs, has their credentials
//! checked, and makes processes of them.

use core::cell::Cell;

use super::error::ProcessLoadError;
use crate::capabilities::ProcessManagementCapability;
use crate::debug;
use crate::deferred_call::{DeferredCall, DeferredCallClient};
use crate::kernel::Kernel;
use crate::platform::chip::Chip;
use crate::process::binary::{ProcessBinary, ProcessBinaryError};
use crate::process::interface::Process;
use crate::process::policies::{
    ProcessFaultPolicy, ProcessStandardDebug, ProcessStandardStoragePermissionsPolicy,
};
use crate::process::standard::ProcessStandard;
use crate::process_checker::{
    AcceptedCredential, AppIdPolicy, ProcessCheckError, ProcessCheckerMachine,
    ProcessCheckerMachineClient,
};
use crate::utilities::cells::{MapCell, OptionalCell};

/// Hears how loading goes.
pub trait ProcessLoadingAsyncClient {
    /// A TBF became a process, or did not.
    fn process_loaded(&self, result: Result<(), ProcessLoadError>);

    /// All TBFs have been dealt with.
    fn process_loading_finished(&self);
}

/// Loads processes step by step, while the kernel loop runs.
pub trait ProcessLoadingAsync<'a> {
    /// Names who hears how loading goes.
    fn set_client(&self, client: &'a dyn ProcessLoadingAsyncClient);

    /// Replaces the identity policy.
    fn set_policy(&self, policy: &'a dyn AppIdPolicy);

    /// Starts to load.
    fn start(&self);
}

#[derive(Clone, Copy)]
enum Step {
    /// Find the next TBF and check it.
    Discover,
    /// Make processes of all TBFs that may run.
    Load,
}

/// Loads all TBFs in a stretch of flash: checks one after another, then makes
/// processes of those that may run, of each application the newest version.
pub struct SequentialProcessLoaderMachine<'a, C: Chip + 'static, D: ProcessStandardDebug + 'static>
{
    client: OptionalCell<&'a dyn ProcessLoadingAsyncClient>,
    checker: &'static ProcessCheckerMachine,
    /// TBFs that may run.
    binaries: MapCell<&'static mut [Option<ProcessBinary>]>,
    /// Flash not looked at yet.
    flash: Cell<&'static [u8]>,
    /// Memory without a process.
    memory: Cell<*mut [u8]>,
    deferred_call: DeferredCall,
    kernel: &'static Kernel,
    chip: &'static C,
    policy: Cell<&'a dyn AppIdPolicy>,
    fault_policy: &'static dyn ProcessFaultPolicy,
    _storage_policy: &'static dyn ProcessStandardStoragePermissionsPolicy<C, D>,
    step: Cell<Step>,
}

impl<'a, C: Chip, D: ProcessStandardDebug> SequentialProcessLoaderMachine<'a, C, D> {
    /// A loader for `flash` and `app_memory`, which it alone uses.
    /// `proc_binaries` has room for all TBFs that may run. The board registers
    /// it for its deferred call and makes it the checker's client.
    #[allow(clippy::too_many_arguments)] // Tock's interface
    pub fn new(
        checker: &'static ProcessCheckerMachine,
        proc_binaries: &'static mut [Option<ProcessBinary>],
        kernel: &'static Kernel,
        chip: &'static C,
        flash: &'static [u8],
        app_memory: &'static mut [u8],
        fault_policy: &'static dyn ProcessFaultPolicy,
        storage_policy: &'static dyn ProcessStandardStoragePermissionsPolicy<C, D>,
        policy: &'static dyn AppIdPolicy,
        _capability_management: &dyn ProcessManagementCapability,
    ) -> Self {
        Self {
            client: OptionalCell::empty(),
            checker,
            binaries: MapCell::new(proc_binaries),
            flash: Cell::new(flash),
            memory: Cell::new(app_memory),
            deferred_call: DeferredCall::new(),
            kernel,
            chip,
            policy: Cell::new(policy),
            fault_policy,
            _storage_policy: storage_policy,
            step: Cell::new(Step::Discover),
        }
    }

    fn tell_client(&self, result: Result<(), ProcessLoadError>) {
        self.client.map(|client| client.process_loaded(result));
    }

    /// Logs that a TBF does not become a process, and tells the client.
    fn refuse(&self, what: &str, address: usize, error: ProcessLoadError) {
        debug!("process {what} at {address:#x} refused: {error:?}");
        self.tell_client(Err(error));
    }

    /// Finds the next TBF and has it checked.
    fn discover(&self) {
        let flash = self.flash.get();
        let (found, rest) = ProcessBinary::discover(flash);
        self.flash.set(rest);
        match found {
            Ok(binary) => {
                if let Err(error) = self.checker.check(binary) {
                    let address = flash.as_ptr().addr();
                    self.refuse("?", address, ProcessLoadError::CheckError(error));
                    self.deferred_call.set();
                }
            }
            Err(ProcessBinaryError::TbfHeaderNotFound | ProcessBinaryError::NotEnoughFlash) => {
                self.step.set(Step::Load);
                self.deferred_call.set();
            }
            Err(ProcessBinaryError::Padding | ProcessBinaryError::NotEnabledProcess) => {
                self.deferred_call.set();
            }
            Err(error) => {
                let address = flash.as_ptr().addr();
                self.refuse("?", address, ProcessLoadError::BinaryError(error));
                self.deferred_call.set();
            }
        }
    }

    /// Makes processes of all TBFs that may run.
    fn load(&self) {
        if let Some(binaries) = self.binaries.take() {
            for index in 0..binaries.len() {
                let Some(binary) = binaries.get_mut(index).and_then(Option::take) else {
                    continue;
                };
                let name = binary.name();
                let address = binary.flash.as_ptr().addr();
                let others = binaries.iter().flatten();
                match self.load_one(binary, others) {
                    Ok(process) => {
                        log_loaded(process);
                        self.tell_client(Ok(()));
                    }
                    Err(error) => self.refuse(name, address, error),
                }
            }
            self.binaries.put(binaries);
        }
        self.client.map(|client| client.process_loading_finished());
    }

    fn load_one<'b>(
        &self,
        binary: ProcessBinary,
        mut others: impl Iterator<Item = &'b ProcessBinary>,
    ) -> Result<&'static dyn Process, ProcessLoadError> {
        let policy = self.policy.get();
        let short_id = policy.to_short_id(&binary);
        let newer = |other: &ProcessBinary| {
            let same = !policy.different_identifier(&binary, other)
                || short_id == policy.to_short_id(other);
            same && other.header.get_binary_version() > binary.header.get_binary_version()
        };
        let running = |process: &dyn Process| {
            !policy.different_identifier_process(&binary, process)
                || short_id == process.short_app_id()
        };
        if others.any(newer) || self.kernel.process_iter().any(running) {
            return Err(ProcessLoadError::Duplicate);
        }
        let (index, slot) = self
            .kernel
            .free_slot()
            .ok_or(ProcessLoadError::NoProcessSlot)?;
        // SAFETY: the memory was given to this loader for ever, and what
        // `create` uses of it is cut off for good.
        let (process, rest) = unsafe {
            ProcessStandard::<C, D>::create(
                self.kernel,
                self.chip,
                binary,
                self.memory.get(),
                self.fault_policy,
                short_id,
                index,
            )
        }?;
        self.memory.set(rest);
        slot.set(process);
        Ok(process)
    }
}

/// Logs that a process exists, and on what grounds it has its identity.
fn log_loaded(process: &dyn Process) {
    let credential = match process.get_credential() {
        Some(_) => "credential accepted",
        None => "unsigned",
    };
    debug!(
        "process {} at {:#x} loaded: {}, ShortId {}",
        process.get_process_name(),
        process.get_addresses().flash_start,
        credential,
        process.short_app_id()
    );
}

impl<'a, C: Chip, D: ProcessStandardDebug> ProcessLoadingAsync<'a>
    for SequentialProcessLoaderMachine<'a, C, D>
{
    fn set_client(&self, client: &'a dyn ProcessLoadingAsyncClient) {
        self.client.set(client);
    }

    fn set_policy(&self, policy: &'a dyn AppIdPolicy) {
        self.policy.set(policy);
    }

    fn start(&self) {
        self.step.set(Step::Discover);
        self.deferred_call.set();
    }
}

impl<C: Chip, D: ProcessStandardDebug> DeferredCallClient
    for SequentialProcessLoaderMachine<'_, C, D>
{
    fn handle_deferred_call(&self) {
        match self.step.get() {
            Step::Discover => self.discover(),
            Step::Load => self.load(),
        }
    }

    fn register(&'static self) {
        self.deferred_call.register(self);
    }
}

impl<C: Chip, D: ProcessStandardDebug> ProcessCheckerMachineClient
    for SequentialProcessLoaderMachine<'_, C, D>
{
    fn done(
        &self,
        process_binary: ProcessBinary,
        result: Result<Option<AcceptedCredential>, ProcessCheckError>,
    ) {
        let name = process_binary.name();
        let address = process_binary.flash.as_ptr().addr();
        match result {
            Ok(credential) => {
                process_binary.credential.insert(credential);
                let kept = self.binaries.map_or(false, |binaries| {
                    match binaries.iter_mut().find(|slot| slot.is_none()) {
                        Some(slot) => {
                            *slot = Some(process_binary);
                            true
                        }
                        None => false,
                    }
                });
                if !kept {
                    self.refuse(name, address, ProcessLoadError::NoProcessSlot);
                }
            }
            Err(error) => self.refuse(name, address, ProcessLoadError::CheckError(error)),
        }
        self.deferred_call.set();
    }
}
