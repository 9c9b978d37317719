//! Fakes of the three drivers, for the kernel of `libtock_unittest`.
//!
//! Also included by the inference process's tests; neither uses all of it.
#![allow(dead_code)]

mod evidence;
mod sensor;
mod vault;

pub use evidence::{Evidence, Outcome};
pub use sensor::Sensor;
pub use vault::Vault;
