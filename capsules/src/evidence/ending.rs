//! How a job ends, exactly once: by an answer, a failure, rejected input, or the
//! inference process losing its memory. (The deadline is next door.)

use super::capsule::{ro_allow, Evidence};
use crate::work::{InputClient, Job, Kind};
use anchorhold_crypto::constant_time;
use anchorhold_crypto::digest::sha256;
use anchorhold_crypto::Secret;
use anchorhold_evidence::{Input, Outcome, ResultStatus, SelfTest};
use anchorhold_policy::capacity::OUTPUT_BYTES;
use anchorhold_policy::{summarize, InputStatus};
use kernel::hil::time::Alarm;
use kernel::processbuffer::ReadableProcessBuffer;
use kernel::{ErrorCode, ProcessId};

impl<'a, A: Alarm<'a>> Evidence<'a, A> {
    /// The inference process waits for work. If it still has some, it lost its memory
    /// in between.
    pub(super) fn ready(&self, process: ProcessId) -> Result<(), ErrorCode> {
        if let Some(job) = self.services.work.ready(process) {
            self.end(&job, failure(ResultStatus::InferenceRestarted));
        }
        self.begin_waiting_for_work();
        self.deferred_call.set();
        Ok(())
    }

    /// The inference process has an output.
    ///
    /// # Errors
    /// `INVAL` when it does not have this job, or gives an output without having
    /// had an accepted input; `SIZE` when the tensor is empty, longer than 64 bytes,
    /// or has not one score a label, of the manifest's type.
    pub(super) fn submit(&self, process: ProcessId, generation: u32) -> Result<(), ErrorCode> {
        let job = self.services.work.open_job(process, generation)?;
        let input = job.input.ok_or(ErrorCode::INVAL)?;
        if input.status != InputStatus::Accepted {
            return Err(ErrorCode::INVAL);
        }
        let mut raw = Secret::<OUTPUT_BYTES>::zeroed();
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
        let scores = model.scores().ok_or(ErrorCode::SIZE)?;
        let labels = model.labels().ok_or(ErrorCode::SIZE)?;
        if labels.checked_mul(scores.bytes()) != Some(raw.len()) {
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
        let summary = summarize(&policy.output, scores, raw).ok_or(ErrorCode::SIZE)?;
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
    pub(super) fn end(&self, job: &Job, outcome: Outcome) {
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
}

impl<'a, A: Alarm<'a>> InputClient for Evidence<'a, A> {
    fn input_done(&self, input: Input) {
        let rejected = input.status != InputStatus::Accepted;
        if let Some(job) = self.services.work.job().filter(|_| rejected) {
            self.end(&job, failure(ResultStatus::InputRejected));
        }
    }
}

/// An outcome without an answer.
pub(super) fn failure(status: ResultStatus) -> Outcome {
    Outcome {
        status,
        summary: None,
    }
}
