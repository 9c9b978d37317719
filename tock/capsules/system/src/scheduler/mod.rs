//! Scheduling policies.

pub mod round_robin;
