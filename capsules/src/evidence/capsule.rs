//! The evidence capsule: its parts, and its system calls.

use super::clock::Clock;
use super::queue::FairQueue;
use super::requests::{Pending, RequestKind};
use super::startup::Phase;
use crate::device_state::DeviceState;
use crate::keys::Keys;
use crate::measurement::BootMeasurement;
use crate::model::ActiveModel;
use crate::restart::Restart;
use crate::vault::Vault;
use crate::work::Work;
use anchorhold_evidence::merkle::MerkleTree;
use anchorhold_evidence::{DebugStatus, SelfTest};
use anchorhold_policy::Budget;
use core::cell::Cell;
use kernel::deferred_call::{DeferredCall, DeferredCallClient};
use kernel::grant::{AllowRoCount, AllowRwCount, Grant, UpcallCount};
use kernel::hil::time::{Alarm, AlarmClient};
use kernel::syscall::{CommandReturn, SyscallDriver};
use kernel::utilities::cells::MapCell;
use kernel::{ErrorCode, ProcessId};

/// Requests that wait at a time, over all processes.
pub(super) const QUEUE_PLACES: usize = 4;

/// Numbers of the commands.
mod command {
    pub const EXISTS: usize = 0;
    pub const REQUEST: usize = 1;
    pub const CANCEL: usize = 2;
    pub const ATTEST: usize = 3;
    pub const CLAIMS: usize = 4;
    pub const SIGN_BATCH: usize = 5;
    /// From here on for the inference process only.
    pub const READY: usize = 16;
    pub const SUBMIT: usize = 17;
    pub const FAIL: usize = 18;
}

/// Numbers of the upcalls.
pub(super) mod upcall {
    /// (status, token length, result status).
    pub const TOKEN: usize = 0;
    /// (generation, kind, 0): work for the inference process, or (0, 3, 0): no work.
    pub const WORK: usize = 1;
    pub const COUNT: u8 = 2;
}

/// Numbers of the read-only buffers.
pub(super) mod ro_allow {
    /// The nonce, 8 to 64 bytes.
    pub const NONCE: usize = 0;
    /// The raw output tensor, up to 64 bytes.
    pub const OUTPUT: usize = 1;
    pub const COUNT: u8 = 2;
}

/// Numbers of the writable buffers.
pub(super) mod rw_allow {
    /// Where the token goes.
    pub const TOKEN: usize = 0;
    pub const COUNT: u8 = 1;
}

/// What the capsule keeps in a process's grant.
#[derive(Default)]
pub struct App {
    /// Its one request.
    pub(super) pending: Option<Pending>,
    /// The claims that it has and no signature for.
    pub(super) batch: MerkleTree,
}

/// The grant of the driver.
pub type EvidenceGrant = Grant<
    App,
    UpcallCount<{ upcall::COUNT }>,
    AllowRoCount<{ ro_allow::COUNT }>,
    AllowRwCount<{ rw_allow::COUNT }>,
>;

/// The capsules that evidence brings together.
pub struct Services<'a> {
    /// Derives the signing key.
    pub keys: &'a Keys<'a>,
    /// Hands out answer numbers. Evidence is its client.
    pub state: &'a DeviceState<'a>,
    /// Holds the sealed models.
    pub vault: &'a Vault<'a>,
    /// The model in use.
    pub model: &'a ActiveModel,
    /// The job in hand. Evidence is its client.
    pub work: &'a Work<'a>,
    /// What booted.
    pub measurement: &'a BootMeasurement,
    /// Restarts an inference process that missed its deadline.
    pub restart: &'a dyn Restart,
    /// Whether the board's debug port is closed.
    pub debug: DebugStatus,
}

/// The evidence driver.
pub struct Evidence<'a, A: Alarm<'a>> {
    pub(super) services: Services<'a>,
    pub(super) alarm: &'a A,
    pub(super) apps: EvidenceGrant,
    pub(super) deferred_call: DeferredCall,
    pub(super) phase: Cell<Phase>,
    pub(super) queue: FairQueue<ProcessId, QUEUE_PLACES>,
    pub(super) serial: Cell<u32>,
    pub(super) budget: MapCell<Budget>,
    pub(super) reserving: Cell<bool>,
    pub(super) self_test: Cell<SelfTest>,
    pub(super) clock: Clock<A>,
    /// When what is going on must be over, in milliseconds since boot.
    pub(super) deadline: Cell<Option<u64>>,
    /// When a plan that may stay has waited long enough, in milliseconds since boot.
    pub(super) rest: Cell<Option<u64>>,
    /// Serial number of the first request, while it waits for the inference process.
    pub(super) waiting: Cell<Option<u32>>,
}

impl<'a, A: Alarm<'a>> Evidence<'a, A> {
    /// An evidence driver. It is the client of the alarm, of the state and of the
    /// work, has a deferred call to register, and does nothing until
    /// [`Evidence::start`].
    pub fn new(services: Services<'a>, alarm: &'a A, grant: EvidenceGrant) -> Evidence<'a, A> {
        Evidence {
            services,
            alarm,
            apps: grant,
            deferred_call: DeferredCall::new(),
            phase: Cell::new(Phase::Down),
            queue: FairQueue::new(),
            serial: Cell::new(0),
            budget: MapCell::empty(),
            reserving: Cell::new(false),
            self_test: Cell::new(SelfTest::NotRun),
            clock: Clock::new(alarm),
            deadline: Cell::new(None),
            rest: Cell::new(None),
            waiting: Cell::new(None),
        }
    }

    /// The commands of the inference process.
    fn inference_command(
        &self,
        command: usize,
        generation: usize,
        argument: usize,
        process: ProcessId,
    ) -> Result<(), ErrorCode> {
        if !self.services.work.is_inference(process) {
            return Err(ErrorCode::NOSUPPORT);
        }
        let generation = u32::try_from(generation).map_err(|_| ErrorCode::INVAL);
        match command {
            command::READY => self.ready(process),
            command::SUBMIT => self.submit(process, generation?),
            command::FAIL => self.fail(process, generation?, argument),
            _ => Err(ErrorCode::NOSUPPORT),
        }
    }
}

impl<'a, A: Alarm<'a>> SyscallDriver for Evidence<'a, A> {
    fn command(
        &self,
        command: usize,
        argument0: usize,
        argument1: usize,
        process: ProcessId,
    ) -> CommandReturn {
        match command {
            command::EXISTS => CommandReturn::success(),
            command::REQUEST => self.request(process, RequestKind::Answer).into(),
            command::CANCEL => self.cancel(process).into(),
            command::ATTEST => self.request(process, RequestKind::Attestation).into(),
            command::CLAIMS => self.request(process, RequestKind::Claims).into(),
            command::SIGN_BATCH => self.request(process, RequestKind::BatchSignature).into(),
            _ => self
                .inference_command(command, argument0, argument1, process)
                .into(),
        }
    }

    fn allocate_grant(&self, process: ProcessId) -> Result<(), kernel::process::Error> {
        self.apps.enter(process, |_, _| {})
    }
}

impl<'a, A: Alarm<'a>> DeferredCallClient for Evidence<'a, A> {
    fn handle_deferred_call(&self) {
        self.tick();
        match self.phase.get() {
            Phase::Ready => self.advance(),
            phase => self.start_up(phase),
        }
    }

    fn register(&'static self) {
        self.deferred_call.register(self);
    }
}

impl<'a, A: Alarm<'a>> AlarmClient for Evidence<'a, A> {
    fn alarm(&self) {
        self.tick();
        if self.phase.get() == Phase::Ready {
            self.check_deadline();
            self.check_rest();
        }
        self.arm();
    }
}
