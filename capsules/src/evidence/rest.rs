//! When a plan that stays decrypted must go: once there was no work for a while.

use super::capsule::{upcall, Evidence};
use kernel::hil::time::Alarm;

/// How long the inference process waits for work with a plan that its owner lets stay,
/// in milliseconds: longer than the second that lies between windows of sound.
const REST_MS: u64 = 2000;

/// The kind of "work" that tells the process to wipe what stayed; the others are
/// [`Kind`](crate::work::Kind)'s.
const REST: usize = 3;

impl<'a, A: Alarm<'a>> Evidence<'a, A> {
    /// The inference process waits for work.
    pub(super) fn begin_waiting_for_work(&self) {
        self.tick();
        let policy = self.services.model.policy();
        let may_stay = policy.is_some_and(|policy| policy.resident);
        let end = self.clock.milliseconds().saturating_add(REST_MS);
        self.rest.set(may_stay.then_some(end));
    }

    /// Tells the inference process to wipe what stayed, if it waited for long enough.
    pub(super) fn check_rest(&self) {
        let now = self.clock.milliseconds();
        if self.rest.get().is_none_or(|rest| now < rest) {
            return;
        }
        if let Some(worker) = self.services.work.idle_worker() {
            let told = self.apps.enter(worker, |_, kernel| {
                kernel.schedule_upcall(upcall::WORK, (0, REST, 0))
            });
            if let Ok(Err(_)) = told {
                return; // The alarm comes again.
            }
        }
        self.rest.set(None);
    }
}
