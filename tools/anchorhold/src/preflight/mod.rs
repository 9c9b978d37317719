//! Before a model is sealed: whether a board can run it, and what it takes there.

mod cost;
mod fit;
mod report;

pub use cost::Cost;
pub use fit::{needs, slot, Need};
pub use report::Preflight;
