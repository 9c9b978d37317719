//! What is needed to measure the engine without a kernel below it.

pub mod chart;
pub mod measurement;
pub mod microflow;
pub mod models;
pub mod peers;
