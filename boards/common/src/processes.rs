//! Processes: signatures first, then identity, then a slot.

use crate::place::{keep, places};
use crate::system::Authority;
use anchorhold_capsules::credentials::{OemSignatures, SignedShortIds};
use anchorhold_capsules::keys::Keys;
use capsules_system::process_policies::ThresholdRestartFaultPolicy;
use capsules_system::scheduler::round_robin::{RoundRobinProcessNode, RoundRobinSched};
use kernel::deferred_call::DeferredCallClient;
use kernel::platform::chip::Chip;
use kernel::process::{ProcessArray, ProcessBinary, SequentialProcessLoaderMachine};
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
        scheduler: RoundRobinSched<'static>,
        nodes: [RoundRobinProcessNode<'static>; PROCESSES],
    }
}

/// Who makes processes, and who runs them in turn.
pub(crate) struct Processes<C: Chip + 'static> {
    pub loader: &'static Loader<C>,
    pub scheduler: &'static RoundRobinSched<'static>,
}

/// Where processes live.
pub(crate) struct Homes {
    /// Their TBFs, one after the other.
    pub flash: &'static [u8],
    /// What they share out among them.
    pub memory: &'static mut [u8],
}

/// Prepares to load processes.
pub(crate) fn wire<C: Chip>(
    places: &'static mut ProcessPlaces<C>,
    chip: &'static C,
    keys: &'static Keys<'static>,
    homes: Homes,
    slots: &'static ProcessArray<PROCESSES>,
    kernel: &'static Kernel,
    authority: impl Authority,
) -> Processes<C> {
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
        homes.flash,
        homes.memory,
        fault_policy,
        &(),
        &SignedShortIds,
        &authority,
    );
    let loader = keep(&mut places.loader, loader);
    checker.set_client(loader);
    loader.register();

    let scheduler = keep(&mut places.scheduler, RoundRobinSched::new());
    let nodes = keep(
        &mut places.nodes,
        core::array::from_fn(|slot| RoundRobinProcessNode::new(&slots.as_slice()[slot])),
    );
    nodes
        .iter()
        .for_each(|node| scheduler.processes.push_tail(node));
    Processes { loader, scheduler }
}
