//! [`ProcessStandard`]: a process in a block of RAM and a TBF in flash.
//!
//! The block, from its start: memory that the process can reach, up to its
//! break; free memory; grants, which grow downwards; and at the top the
//! [`ProcessStandard`] itself, its queue and its table of grants. Only the
//! first part is ever within the process's reach.

mod create;
mod grant_table;
mod interface;
mod life;
mod memory;
mod record;

pub use record::ProcessStandard;
