//! The life of a request: waiting, given to the inference process, ended once by an
//! answer, a failure, a restart or the deadline, and delivered as a signed token.
//!
//! Each step runs from a deferred call and does at most one signature, so that
//! others get their turn in between.

use super::capsule::{ro_allow, upcall, Evidence};
use super::clock::HEARTBEAT_MS;
use super::requests::{Pending, RequestKind};
use crate::work::{InputClient, Job, Kind, Requester};
use anchorhold_crypto::constant_time;
use anchorhold_crypto::digest::sha256;
use anchorhold_crypto::Secret;
use anchorhold_evidence::{Counter, Input, Outcome, ResultStatus, SelfTest};
use anchorhold_policy::{summarize, InputStatus};
use kernel::hil::time::{Alarm, ConvertTicks};
use kernel::processbuffer::ReadableProcessBuffer;
use kernel::{ErrorCode, ProcessId};

/// How long an inference may take once its window is full, in milliseconds.
const DEADLINE_MS: u64 = 5000;

/// Longest output tensor, in bytes.
const MAX_OUTPUT: usize = 64;

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
        let work = self.services.work;
        let has_model = self.services.model.input().is_some();
        let test_is_due = has_model && self.self_test.get() == SelfTest::NotRun;
        if test_is_due {
            if let Some(worker) = work.idle_worker() {
                let counter = Counter {
                    boot: 0,
                    sequence: 0,
                };
                self.give(worker, Kind::SelfTest, None, counter);
                return;
            }
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
        match (pending.kind, self.services.work.idle_worker()) {
            (RequestKind::Attestation, _) => {
                self.stop_waiting();
                if let Some(counter) = self.services.state.take_number() {
                    self.attest(process, pending, counter);
                }
                self.leave_queue(process);
            }
            (RequestKind::Answer, Some(worker)) => {
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
            (RequestKind::Answer, None) => {
                if self.waiting.replace(Some(pending.serial)) != Some(pending.serial) {
                    self.set_deadline(0);
                }
            }
        }
    }

    /// Ends the wait of the first request without an inference.
    fn give_up_waiting(&self) {
        self.stop_waiting();
        let Some(process) = self.queue.front() else {
            return;
        };
        if let Some(pending) = self.pending(process) {
            if let Some(counter) = self.number_an_answer() {
                let outcome = failure(ResultStatus::DeadlineExceeded);
                self.answer(process, &pending, counter, None, outcome);
            }
        }
        self.leave_queue(process);
    }

    /// The deadline of the first request, if it was waiting, is off.
    fn stop_waiting(&self) {
        self.waiting.set(None);
        self.deadline.set(None);
    }

    /// Takes a number and charges the budget: the two go together, because a block of
    /// numbers is stored with the budget that is left after all of them.
    fn number_an_answer(&self) -> Option<Counter> {
        let counter = self.services.state.take_number()?;
        // The request was admitted, so the budget covers it.
        let _ = self.budget.map(|budget| budget.spend());
        Some(counter)
    }

    fn leave_queue(&self, process: ProcessId) {
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
                .map(|budget| (uuid, budget.reserve(anchorhold_state::SEQUENCE_BLOCK)))
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

    fn set_deadline(&self, sampling_ms: u64) {
        let now = self.clock.milliseconds();
        let allowed = DEADLINE_MS.saturating_add(sampling_ms);
        self.deadline.set(Some(now.saturating_add(allowed)));
        self.arm();
    }

    /// The inference process waits for work. If it still has some, it lost its memory
    /// in between.
    pub(super) fn ready(&self, process: ProcessId) -> Result<(), ErrorCode> {
        if let Some(job) = self.services.work.ready(process) {
            self.end(&job, failure(ResultStatus::InferenceRestarted));
        }
        self.deferred_call.set();
        Ok(())
    }

    /// The inference process has an output.
    ///
    /// # Errors
    /// `INVAL` when it does not have this job, or gives an output without having
    /// had an accepted input; `SIZE` when the tensor is empty, longer than 64 bytes,
    /// or has not one value a label.
    pub(super) fn submit(&self, process: ProcessId, generation: u32) -> Result<(), ErrorCode> {
        let job = self.services.work.open_job(process, generation)?;
        let input = job.input.ok_or(ErrorCode::INVAL)?;
        if input.status != InputStatus::Accepted {
            return Err(ErrorCode::INVAL);
        }
        let mut raw = Secret::<MAX_OUTPUT>::zeroed();
        let length = self.apps.enter(process, |_, kernel| {
            kernel
                .get_readonly_processbuffer(ro_allow::OUTPUT)
                .and_then(|buffer| {
                    buffer.enter(|bytes| {
                        let place = raw
                            .expose_mut()
                            .get_mut(..bytes.len())
                            .ok_or(ErrorCode::SIZE)?;
                        bytes.copy_to_slice_or_err(place)?;
                        Ok(bytes.len())
                    })
                })
                .unwrap_or(Err(ErrorCode::SIZE))
        })??;
        let outcome = self.judge(&job, raw.expose().get(..length).unwrap_or(&[]))?;
        self.end(&job, outcome);
        Ok(())
    }

    /// What an output tensor means: an answer within the owner's policy, or the
    /// result of the self-test.
    fn judge(&self, job: &Job, raw: &[u8]) -> Result<Outcome, ErrorCode> {
        let model = self.services.model;
        if model.labels() != Some(raw.len()) {
            return Err(ErrorCode::SIZE);
        }
        if job.kind == Kind::SelfTest {
            let golden = model.golden().ok_or(ErrorCode::NODEVICE)?;
            let passed = constant_time::equal(&sha256(raw), &golden.output_digest);
            self.self_test.set(if passed {
                SelfTest::Passed
            } else {
                SelfTest::Failed
            });
        }
        let policy = model.policy().ok_or(ErrorCode::NODEVICE)?;
        let mut scores = [0i8; MAX_OUTPUT];
        for (score, &byte) in scores.iter_mut().zip(raw) {
            *score = byte as i8;
        }
        let scores = scores.get(..raw.len()).ok_or(ErrorCode::SIZE)?;
        let summary = summarize(&policy.output, scores).ok_or(ErrorCode::SIZE)?;
        Ok(Outcome {
            status: ResultStatus::Answered,
            summary: Some(summary),
        })
    }

    /// The inference process reports that it cannot answer.
    ///
    /// # Errors
    /// `INVAL` when it does not have this job, or gives a reason that is not its to give.
    pub(super) fn fail(
        &self,
        process: ProcessId,
        generation: u32,
        status: usize,
    ) -> Result<(), ErrorCode> {
        let job = self.services.work.open_job(process, generation)?;
        let status = u8::try_from(status)
            .ok()
            .and_then(ResultStatus::from_code)
            .filter(|status| {
                matches!(
                    status,
                    ResultStatus::InferenceFailed | ResultStatus::TileRefused
                )
            })
            .ok_or(ErrorCode::INVAL)?;
        self.end(&job, failure(status));
        Ok(())
    }

    /// Ends the job in hand, and with it the inference process's use of the key.
    fn end(&self, job: &Job, outcome: Outcome) {
        if job.kind == Kind::SelfTest && outcome.status != ResultStatus::Answered {
            self.self_test.set(SelfTest::Failed);
        }
        if let Some(worker) = self.services.work.worker() {
            self.services.vault.wipe(worker);
        }
        self.services.work.end(job.generation, outcome);
        self.deadline.set(None);
        self.deferred_call.set();
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

    /// Ends what takes too long, and restarts the inference process: it hangs.
    pub(super) fn check_deadline(&self) {
        let now = self.clock.milliseconds();
        if self.deadline.get().is_none_or(|deadline| now < deadline) {
            return;
        }
        let worker = self.services.work.worker();
        match self.services.work.job() {
            Some(job) => self.end(&job, failure(ResultStatus::DeadlineExceeded)),
            None => self.give_up_waiting(),
        }
        if let Some(worker) = worker {
            self.services.restart.restart(worker);
        }
    }

    /// Goes on to the present: time refills the budget.
    pub(super) fn tick(&self) {
        let passed = self.clock.advance(self.alarm);
        self.budget.map(|budget| budget.refill(passed));
    }

    /// Sets the alarm for the deadline, or for the clock's next look.
    pub(super) fn arm(&self) {
        let wait = self.deadline.get().map_or(HEARTBEAT_MS, |deadline| {
            let wait = deadline.saturating_sub(self.clock.milliseconds());
            u32::try_from(wait).map_or(HEARTBEAT_MS, |wait| wait.clamp(1, HEARTBEAT_MS))
        });
        self.alarm
            .set_alarm(self.alarm.now(), self.alarm.ticks_from_ms(wait));
    }
}

impl<'a, A: Alarm<'a>> InputClient for Evidence<'a, A> {
    fn input_done(&self, input: Input) {
        let rejected = input.status != InputStatus::Accepted;
        if let Some(job) = self.services.work.job().filter(|_| rejected) {
            self.end(&job, failure(ResultStatus::InputRejected));
        }
    }
}

fn failure(status: ResultStatus) -> Outcome {
    Outcome {
        status,
        summary: None,
    }
}
