//! What the measuring applications share. docs/benchmarks.md defines what each figure
//! that they report means.
#![no_std]
#![forbid(unsafe_code)]

pub mod clock;
pub mod report;
pub mod turns;
