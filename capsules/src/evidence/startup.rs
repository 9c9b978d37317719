//! Start-up, in an order in which nothing is signed too early: keys, state with this
//! boot counted, measurement, models, and only then requests.

use super::capsule::Evidence;
use crate::device_state::DeviceStateClient;
use anchorhold_policy::Budget;
use kernel::debug;
use kernel::hil::time::Alarm;
use kernel::ErrorCode;

/// How far start-up is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not started.
    Down,
    /// The state is being loaded.
    Loading,
    /// What booted is measured next.
    Measuring,
    /// The next model package is looked at.
    Scanning,
    /// Newly accepted models are being remembered.
    Remembering,
    /// Requests are served.
    Ready,
    /// Nothing will be signed in this boot.
    Off,
}

impl<'a, A: Alarm<'a>> Evidence<'a, A> {
    /// Begins start-up. Requests are taken in from now on, and served when it is done.
    pub fn start(&self) {
        self.phase.set(Phase::Loading);
        if let Err(error) = self.services.keys.start() {
            self.give_up("keys", error);
        } else if let Err(error) = self.services.state.start() {
            self.give_up("storage", error);
        }
        self.arm();
    }

    /// Does the next step of start-up.
    pub(super) fn start_up(&self, phase: Phase) {
        match phase {
            Phase::Measuring => {
                self.services.measurement.measure();
                self.phase.set(Phase::Scanning);
                self.deferred_call.set();
            }
            Phase::Scanning => {
                if self.services.vault.scan_next() {
                    self.deferred_call.set();
                } else {
                    self.remember();
                }
            }
            Phase::Off => self.refuse_waiting(),
            Phase::Down | Phase::Loading | Phase::Remembering | Phase::Ready => {}
        }
    }

    /// Stores newly accepted models before one of them answers: a version floor that
    /// only memory knows could be undercut after a reset.
    fn remember(&self) {
        if !self.services.vault.has_news() {
            self.open();
            return;
        }
        self.phase.set(Phase::Remembering);
        if let Err(error) = self.services.state.save() {
            self.give_up("storage", error);
        }
    }

    /// Serves requests.
    fn open(&self) {
        let model = self.services.model;
        let usage = model.uuid().and_then(|uuid| {
            let usage = |state: &anchorhold_state::State| Some(state.model(&uuid)?.usage);
            self.services.state.with(usage)?
        });
        if let (Some(policy), Some(usage)) = (model.policy(), usage) {
            self.budget.replace(Budget::restore(policy.rate, usage));
        }
        self.phase.set(Phase::Ready);
        self.deferred_call.set();
    }

    /// Signs nothing in this boot, and says why.
    fn give_up(&self, what: &str, error: ErrorCode) {
        debug!("evidence: off, the {} cannot be used ({:?})", what, error);
        self.phase.set(Phase::Off);
        self.deferred_call.set();
    }

    fn refuse_waiting(&self) {
        while let Some(process) = self.queue.front() {
            if let Some(pending) = self.pending(process) {
                self.conclude(process, pending.serial, Err(ErrorCode::OFF));
            }
            self.queue.retain(|other| other != process);
        }
    }
}

impl<'a, A: Alarm<'a>> DeviceStateClient for Evidence<'a, A> {
    fn state_loaded(&self, result: Result<(), ErrorCode>) {
        match result {
            Ok(()) => {
                self.phase.set(Phase::Measuring);
                self.deferred_call.set();
            }
            Err(error) => self.give_up("state", error),
        }
    }

    fn state_saved(&self, result: Result<(), ErrorCode>) {
        match (self.phase.get(), result) {
            (Phase::Remembering, Ok(())) => self.open(),
            (Phase::Remembering, Err(error)) => self.give_up("storage", error),
            _ => self.reserved(result),
        }
    }
}
