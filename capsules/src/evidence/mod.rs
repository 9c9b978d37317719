//! Evidence: applications ask, the inference process answers, and the capsule signs
//! what it saw. There is no unsigned mode.

mod capsule;
pub mod clock;
mod deadline;
mod dispatch;
mod ending;
pub mod queue;
mod requests;
mod rest;
mod startup;
mod token;

pub use capsule::{App, Evidence, EvidenceGrant, Services};
