//! The harness of the end-to-end tests.
//!
//! The tests under `tests/` boot the images that `tools/build.sh` made, in QEMU, and
//! talk to them as a relying party would. What they need of their own (keys, devices,
//! sealed models) is made by the `anchorhold` command line, as its owners would make it.
//! Everything goes to `target/tests`; a failed test says where the board's log is.
#![forbid(unsafe_code)]

pub mod answer;
pub mod artifacts;
pub mod board;
pub mod command;
pub mod conformance;
pub mod made;
pub mod model;
pub mod nonces;
pub mod packages;
pub mod people;
pub mod recordings;
pub mod running;
pub mod scratch;
pub mod search;
pub mod setup;
pub mod signing;
pub mod target;
pub mod tbf;
pub mod vectors;
pub mod workplace;
