//! Runs plans on the bare boards in QEMU, for measurements and for tests.
#![forbid(unsafe_code)]

pub mod engine_board;
mod engine_code;
