//! All attempts, by family.

mod break_;
mod buffers;
mod claims;
mod drivers;
mod execution;
mod memory;
mod privilege;
mod restart;
mod stacks;
mod storms;
mod upcalls;

use crate::attack::Attack;

/// Families of attempts that return, whatever comes of them.
const RETURNING: [&[Attack]; 6] = [
    drivers::ATTACKS,
    buffers::ATTACKS,
    claims::ATTACKS,
    upcalls::RETURNING,
    break_::ATTACKS,
    storms::ATTACKS,
];

/// Families of attempts that end with a fault or a restart.
const FAULTING: [&[Attack]; 6] = [
    memory::ATTACKS,
    execution::ATTACKS,
    privilege::ATTACKS,
    stacks::ATTACKS,
    upcalls::FAULTING,
    restart::ATTACKS,
];

/// The attempts that return.
pub fn returning() -> impl Iterator<Item = &'static Attack> {
    RETURNING.into_iter().flatten()
}

/// The attempts that end with a fault or a restart.
pub fn faulting() -> impl Iterator<Item = &'static Attack> {
    FAULTING.into_iter().flatten()
}
