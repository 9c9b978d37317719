//! What the inference process does, apart from being a process: take work, run
//! the sealed model on a window of samples, hand in the output, and leave
//! nothing behind.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod memory;
mod run;
mod serve;
mod sound;
mod stack;
mod tiles;

pub use memory::{Memory, RESIDENT_BYTES, STACK_BYTES, WORKSPACE_BYTES};
pub use serve::serve;

#[cfg(test)]
mod tests;
