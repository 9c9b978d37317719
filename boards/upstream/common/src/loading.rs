//! Checked loading: signatures first, then identity, then a slot.

use crate::assembly::Anchorhold;
use anchorhold_capsules::credentials::SignedShortIds;
use capsules_system::process_policies::ThresholdRestartFaultPolicy;
use core::fmt::{self, Write};
use core::mem::MaybeUninit;
use kernel::capabilities::ProcessManagementCapability;
use kernel::debug;
use kernel::deferred_call::DeferredCallClient;
use kernel::hil::time::Alarm;
use kernel::platform::chip::Chip;
use kernel::process::{
    ProcessBinary, ProcessLoadError, ProcessLoadingAsync, ProcessLoadingAsyncClient,
    SequentialProcessLoaderMachine,
};
use kernel::process_checker::{AppCredentialsPolicy, ProcessCheckerMachine};
use kernel::Kernel;

/// A process that faulted 64 times stays stopped.
static FAULT_POLICY: ThresholdRestartFaultPolicy = ThresholdRestartFaultPolicy::new(64);

/// The process loader; processes record nothing about themselves for debugging.
type Loader<C> = SequentialProcessLoaderMachine<'static, C, ()>;

/// Static memory for loading up to `PROCESSES` processes.
pub struct Room<C: Chip + 'static, const PROCESSES: usize> {
    checker: MaybeUninit<ProcessCheckerMachine>,
    binaries: [Option<ProcessBinary>; PROCESSES],
    loader: MaybeUninit<Loader<C>>,
}

impl<C: Chip, const PROCESSES: usize> Room<C, PROCESSES> {
    /// Memory that nothing uses yet.
    pub const fn new() -> Self {
        Room {
            checker: MaybeUninit::uninit(),
            binaries: [const { None }; PROCESSES],
            loader: MaybeUninit::uninit(),
        }
    }
}

impl<C: Chip, const PROCESSES: usize> Default for Room<C, PROCESSES> {
    fn default() -> Self {
        Room::new()
    }
}

/// Begins to load the applications in `flash` into `memory`.
pub fn start<C: Chip, A: Alarm<'static>, const PROCESSES: usize>(
    room: &'static mut Room<C, PROCESSES>,
    kernel: &'static Kernel,
    chip: &'static C,
    anchorhold: &Anchorhold<A>,
    flash: &'static [u8],
    memory: &'static mut [u8],
    management: &dyn ProcessManagementCapability,
) {
    let checker: &ProcessCheckerMachine = room
        .checker
        .write(ProcessCheckerMachine::new(anchorhold.signatures));
    anchorhold.signatures.set_client(checker);
    let loader: &Loader<C> = room.loader.write(SequentialProcessLoaderMachine::new(
        checker,
        &mut room.binaries,
        kernel,
        chip,
        flash,
        memory,
        &FAULT_POLICY,
        &(),
        &SignedShortIds,
        management,
    ));
    checker.set_client(loader);
    loader.set_client(&Report);
    loader.register();
    loader.start();
}

/// Says in the log what was not loaded and why; the kernel itself is silent.
struct Report;

impl ProcessLoadingAsyncClient for Report {
    fn process_loaded(&self, result: Result<(), ProcessLoadError>) {
        if let Err(error) = result {
            if !is_no_application(&error) {
                debug!("loading: passed over in flash: {:?}", error);
            }
        }
    }

    fn process_loading_finished(&self) {}
}

/// Whether it was padding or a model, which are not to be loaded. Upstream exports no
/// type for the reason, only its text; should that change, the log says more.
fn is_no_application(error: &ProcessLoadError) -> bool {
    struct Text(bool);
    impl Write for Text {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            self.0 |= part.ends_with("just padding") || part.ends_with("not enabled");
            Ok(())
        }
    }
    let mut text = Text(false);
    write!(text, "{error:?}").is_ok() && text.0
}
