//! The rights of applications: the same table as on this project's own kernel, so that
//! its digest in attestations is the same.

#[path = "../../../opentitan/src/rights.rs"]
mod table;

pub use table::{INFERENCE, RIGHTS};
