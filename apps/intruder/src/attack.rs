//! What an attempt is, and how it can end.

use libtock::platform::ErrorCode;

/// One attempt at something that the process must not be able to do.
pub struct Attack {
    /// Its name in the output, one word.
    pub name: &'static str,
    /// Tries it.
    pub run: fn() -> Verdict,
    /// Called if the process starts during the attempt's slot: whether the
    /// attempt, if there was one, worked after all.
    pub after_restart: fn() -> Option<Verdict>,
}

impl Attack {
    /// An attempt that is over once `run` has returned or faulted.
    pub const fn new(name: &'static str, run: fn() -> Verdict) -> Self {
        Self {
            name,
            run,
            after_restart: || None,
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy)]
pub enum Verdict {
    /// The kernel answered with an error.
    Refused(ErrorCode),
    /// The kernel did not refuse, and nothing came of it.
    Harmless(&'static str),
    /// It worked; the number is what was obtained, or where.
    Breach(&'static str, usize),
}

impl Verdict {
    /// For a call that must be refused.
    pub fn of<T>(result: Result<T, ErrorCode>) -> Self {
        match result {
            Ok(_) => Self::Breach("was allowed", 0),
            Err(error) => Self::Refused(error),
        }
    }

    /// For calls that must all be refused: the first that was not, or what the
    /// last was refused with.
    pub fn of_all<T>(results: impl Iterator<Item = Result<T, ErrorCode>>) -> Self {
        let mut verdict = Self::Harmless("nothing to try");
        for (index, result) in results.enumerate() {
            match result {
                Ok(_) => return Self::Breach("was allowed: number", index),
                Err(error) => verdict = Self::Refused(error),
            }
        }
        verdict
    }
}
