//! The command line for model owners, OEMs and relying parties.
//!
//! `commands` holds one file a verb. `simulation` runs an emulated board, for
//! `anchorhold sim` and for the end-to-end tests. The rest reads and writes files.
#![forbid(unsafe_code)]

pub mod answer;
pub mod board;
pub mod cli;
pub mod commands;
pub mod elf;
pub mod error;
pub mod files;
pub mod hex;
pub mod keys;
pub mod model_file;
pub mod model_input;
pub mod model_manifest;
pub mod model_slot;
pub mod output;
pub mod preflight;
pub mod progress;
pub mod random;
pub mod relying_party;
#[cfg(test)]
mod scratch;
pub mod sealed;
pub mod simulation;
pub mod tab;
pub mod tbf;
pub mod tile_length;

pub use error::{Class, Error};
