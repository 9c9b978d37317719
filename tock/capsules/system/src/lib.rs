//! Tock's system capsules: schedulers and fault policies.
