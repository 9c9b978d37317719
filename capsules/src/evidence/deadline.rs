//! Time: the deadline of what is going on, and the clock that budgets refill by.

use super::capsule::Evidence;
use super::clock::HEARTBEAT_MS;
use super::ending::failure;
use anchorhold_evidence::ResultStatus;
use kernel::hil::time::{Alarm, ConvertTicks};

/// How long an inference may take once its window is full, in milliseconds.
const DEADLINE_MS: u64 = 5000;

impl<'a, A: Alarm<'a>> Evidence<'a, A> {
    /// Sets the deadline for what begins now; `sampling_ms` is what its window takes.
    pub(super) fn set_deadline(&self, sampling_ms: u64) {
        let now = self.clock.milliseconds();
        let allowed = DEADLINE_MS.saturating_add(sampling_ms);
        self.deadline.set(Some(now.saturating_add(allowed)));
        self.arm();
    }

    /// The deadline of the first request, if it was waiting, is off.
    pub(super) fn stop_waiting(&self) {
        self.waiting.set(None);
        self.deadline.set(None);
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

    /// Sets the alarm for the deadline, for the end of a plan that may stay, or for the clock's next look.
    pub(super) fn arm(&self) {
        let next = self.deadline.get().into_iter().chain(self.rest.get()).min();
        let wait = next.map_or(HEARTBEAT_MS, |next| {
            let wait = next.saturating_sub(self.clock.milliseconds());
            u32::try_from(wait).map_or(HEARTBEAT_MS, |wait| wait.clamp(1, HEARTBEAT_MS))
        });
        self.alarm
            .set_alarm(self.alarm.now(), self.alarm.ticks_from_ms(wait));
    }
}
