//! How long a thread has computed, which does not count what others took.

use std::fs;
use std::time::Duration;

/// A thread of this process.
#[derive(Clone, Debug)]
pub struct Thread {
    /// Its folder in Linux's process file system, if there is one.
    folder: Option<String>,
}

impl Thread {
    /// The thread that calls.
    pub fn current() -> Self {
        let link = fs::read_link("/proc/thread-self").ok();
        Self {
            folder: link.map(|link| format!("/proc/{}", link.display())),
        }
    }

    /// Its processor time so far, in steps of 10 ms; nothing where the system does
    /// not tell.
    pub fn time(&self) -> Option<Duration> {
        let stat = fs::read_to_string(format!("{}/stat", self.folder.as_ref()?)).ok()?;
        // Behind the name, which may have spaces: fields 3 and following.
        let (_, fields) = stat.rsplit_once(')')?;
        let mut fields = fields.split_whitespace().skip(14 - 3);
        let mut ticks = || fields.next()?.parse::<u64>().ok();
        let (user, system) = (ticks()?, ticks()?);
        Some(Duration::from_millis(10 * (user + system)))
    }
}
