//! What is done next: the self-test, then one request after the other.
//!
//! Each step runs from a deferred call and does at most one signature, so that
//! others get their turn in between.

use super::capsule::{upcall, Evidence};
use super::requests::{Pending, RequestKind};
use crate::work::{Job, Kind, Requester};
use anchorhold_evidence::{Counter, Outcome, SelfTest};
use anchorhold_state::SEQUENCE_BLOCK;
use kernel::hil::time::Alarm;
use kernel::{ErrorCode, ProcessId};

impl<'a, A: Alarm<'a>> Evidence<'a, A> {
    /// Goes one step on: delivers what ended, or begins what is next.
    pub(super) fn advance(&self) {
        match self.services.work.job() {
            None => self.begin_next(),
            Some(job) => {
                if let Some(outcome) = job.outcome {
                    self.services.work.clear();
                    self.deliver(&job, outcome);
                    self.deferred_call.set();
                }
            }
        }
        self.arm();
    }

    /// Begins the self-test, or the request that has waited longest.
    fn begin_next(&self) {
        let has_model = self.services.model.input().is_some();
        let test_is_due = has_model && self.self_test.get() == SelfTest::NotRun;
        if let Some(worker) = self.idle_worker().filter(|_| test_is_due) {
            // A self-test makes no token, so it has no number.
            let counter = Counter {
                boot: 0,
                sequence: 0,
            };
            self.give(worker, Kind::SelfTest, None, counter);
            return;
        }
        self.send_away_the_gone();
        let first = self.queue.front();
        match first.and_then(|process| Some((process, self.pending(process)?))) {
            Some((process, pending)) => self.begin_request(process, &pending),
            None => self.stop_waiting(),
        }
    }

    fn begin_request(&self, process: ProcessId, pending: &Pending) {
        if let Err(error) = self.admit(pending.kind, pending.short_id, 0) {
            self.conclude(process, pending.serial, Err(error));
            self.leave_queue(process);
            return;
        }
        if !self.services.state.has_number() {
            self.reserve_numbers(process, pending);
            return;
        }
        match (pending.kind, self.idle_worker()) {
            (RequestKind::Attestation, _) => {
                self.stop_waiting();
                if let Some(counter) = self.services.state.take_number() {
                    self.attest(process, pending, counter);
                }
                self.leave_queue(process);
            }
            (RequestKind::BatchSignature, _) => {
                self.stop_waiting();
                self.sign_batch(process, pending);
                self.leave_queue(process);
            }
            (RequestKind::Answer | RequestKind::Claims, Some(worker)) => {
                self.stop_waiting();
                self.queue.retain(|other| other != process);
                if let Some(counter) = self.number_an_answer() {
                    let requester = Requester {
                        process,
                        serial: pending.serial,
                    };
                    self.give(worker, Kind::Answer, Some(requester), counter);
                }
            }
            // The inference process has until the deadline to turn up.
            (RequestKind::Answer | RequestKind::Claims, None) => {
                if self.waiting.replace(Some(pending.serial)) != Some(pending.serial) {
                    self.set_deadline(0);
                }
            }
        }
    }

    /// The inference process, if it waits for a job and did not die meanwhile.
    fn idle_worker(&self) -> Option<ProcessId> {
        let worker = self.services.work.idle_worker()?;
        self.apps.enter(worker, |_, _| worker).ok()
    }

    /// Takes a number and charges the budget: the two go together, because a block of
    /// numbers is stored with the budget that is left after all of them.
    pub(super) fn number_an_answer(&self) -> Option<Counter> {
        let counter = self.services.state.take_number()?;
        // The request was admitted, so the budget covers it.
        let _ = self.budget.map(|budget| budget.spend());
        Some(counter)
    }

    pub(super) fn leave_queue(&self, process: ProcessId) {
        self.queue.retain(|other| other != process);
        self.deferred_call.set();
    }

    /// Reserves answer numbers in storage; goes on when they are.
    fn reserve_numbers(&self, process: ProcessId, pending: &Pending) {
        if self.reserving.get() {
            return;
        }
        let usage = self.services.model.uuid().and_then(|uuid| {
            self.budget
                .map(|budget| (uuid, budget.reserve(SEQUENCE_BLOCK)))
        });
        match self.services.state.reserve(usage) {
            Ok(()) => self.reserving.set(true),
            Err(error) => {
                self.conclude(process, pending.serial, Err(error));
                self.leave_queue(process);
            }
        }
    }

    /// The reservation is over. Without one, nothing can be answered now.
    pub(super) fn reserved(&self, result: Result<(), ErrorCode>) {
        self.reserving.set(false);
        if let (Err(error), Some(process)) = (result, self.queue.front()) {
            if let Some(pending) = self.pending(process) {
                self.conclude(process, pending.serial, Err(error));
            }
            self.queue.retain(|other| other != process);
        }
        self.deferred_call.set();
    }

    /// Gives the worker a job.
    fn give(&self, worker: ProcessId, kind: Kind, requester: Option<Requester>, counter: Counter) {
        self.rest.set(None);
        let generation = self.services.work.begin(kind, requester, counter);
        let _ = self.apps.enter(worker, |_, kernel| {
            kernel.schedule_upcall(upcall::WORK, (generation as usize, kind as usize, 0))
        });
        let sampling_ms = match kind {
            Kind::Answer => self.services.model.window_ms(),
            Kind::SelfTest => 0,
        };
        self.set_deadline(sampling_ms);
    }

    /// Gives the requester its token. A self-test has none.
    fn deliver(&self, job: &Job, outcome: Outcome) {
        let Some(requester) = job.requester else {
            return;
        };
        let pending = self
            .pending(requester.process)
            .filter(|pending| pending.serial == requester.serial);
        if let Some(pending) = pending {
            self.answer(requester.process, &pending, job.counter, job.input, outcome);
        }
    }
}
