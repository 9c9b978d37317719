//! All behaviours, by class of system call.

mod allow;
mod commands;
mod ends;
mod memops;
mod queue;
mod read_only;
mod subscribe;
mod swap;
mod wait_for;
mod yields;

use crate::behaviour::Behaviour;

/// The families. Those that end the process by a fault are in the first one, because a
/// kernel restarts a process after so many faults only, and counts all restarts. The very
/// last behaviour ends the process for good.
const FAMILIES: [&[Behaviour]; 15] = [
    ends::FAULTS,
    ends::RESTARTS,
    yields::BEHAVIOURS,
    wait_for::BEHAVIOURS,
    subscribe::BEHAVIOURS,
    swap::BEHAVIOURS,
    queue::BEHAVIOURS,
    commands::BEHAVIOURS,
    allow::READ_WRITE,
    allow::READ_ONLY,
    read_only::BEHAVIOURS,
    allow::READABLE,
    memops::BEHAVIOURS,
    memops::QUESTIONS,
    ends::TERMINATION,
];

/// The behaviours, in the order that the PC asks for them.
pub fn all() -> impl Iterator<Item = &'static Behaviour> {
    FAMILIES.into_iter().flatten()
}
