//! Processes: signatures first, then identity, then a slot.

use crate::place::{keep, places};
use crate::system::Authority;
use anchorhold_capsules::credentials::{OemSignatures, SignedShortIds};
use anchorhold_capsules::keys::Keys;
use capsules_system::process_policies::ThresholdRestartFaultPolicy;
use kernel::deferred_call::DeferredCallClient;
use kernel::platform::chip::Chip;
use kernel::process::{ProcessBinary, SequentialProcessLoaderMachine};
use kernel::process_checker::{AppCredentialsPolicy, ProcessCheckerMachine};
use kernel::Kernel;

/// Processes that run at a time.
pub(crate) const PROCESSES: usize = 4;
/// Faults after which a process stays stopped.
const RESTARTS: usize = 64;

/// The process loader; processes record nothing about themselves for debugging.
pub(crate) type Loader<C> = SequentialProcessLoaderMachine<'static, C, ()>;

places! {
    pub(crate) struct ProcessPlaces<C: Chip> {
        signatures: OemSignatures<'static>,
        checker: ProcessCheckerMachine,
        fault_policy: ThresholdRestartFaultPolicy,
        binaries: [Option<ProcessBinary>; PROCESSES],
        loader: Loader<C>,
    }
}

/// Prepares to load processes from `flash` into `memory`.
pub(crate) fn wire<C: Chip>(
    places: &'static mut ProcessPlaces<C>,
    chip: &'static C,
    keys: &'static Keys<'static>,
    flash: &'static [u8],
    memory: &'static mut [u8],
    kernel: &'static Kernel,
    authority: impl Authority,
) -> &'static Loader<C> {
    let signatures = keep(&mut places.signatures, OemSignatures::new(keys));
    signatures.register();
    let checker = ProcessCheckerMachine::new(signatures);
    let checker = keep(&mut places.checker, checker);
    signatures.set_client(checker);
    let fault_policy = ThresholdRestartFaultPolicy::new(RESTARTS);
    let fault_policy = keep(&mut places.fault_policy, fault_policy);
    let loader = SequentialProcessLoaderMachine::new(
        checker,
        places.binaries.write([const { None }; PROCESSES]),
        kernel,
        chip,
        flash,
        memory,
        fault_policy,
        &(),
        &SignedShortIds,
        &authority,
    );
    let loader = keep(&mut places.loader, loader);
    checker.set_client(loader);
    loader.register();
    loader
}
