//! Input windows for the inference process: sampled, checked, committed to, and
//! handed to it alone.

pub mod commitment;
pub mod driver;
mod sampling;

pub use driver::{Sensor, Sources};
