//! Writes small `.tflite` models, for tests that need one of a certain kind.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod flatbuffer;
pub mod model;
mod random;

pub use random::Random;
