//! The model owner's signed policy as pure logic: what an input must look like,
//! how much of an output may be told, how often, and to whom; and what a device has
//! room for.
//!
//! Nothing here allocates, panics or knows a kernel. The manifest of a sealed
//! model carries these structures; the capsules apply them on the device, and
//! the tools on the host use the same code to explain them.
#![no_std]
#![forbid(unsafe_code)]

pub mod budget;
pub mod capacity;
pub mod input;
pub mod output;
pub mod owner;

pub use budget::{Budget, BudgetError, BudgetSnapshot, RatePolicy};
pub use input::{InputChecker, InputChecks, InputContract, InputStatus, SensorKind, MICROPHONE_HZ};
pub use output::{summarize, OutputDetail, OutputPolicy, ScoreType, Summary};
pub use owner::{AllowedApps, Policy};
