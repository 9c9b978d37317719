//! Before a model is sealed: whether a board can run it, and what it takes there.

mod fit;
mod report;

pub use fit::{needs, Need};
pub use report::Preflight;
