//! Physical memory protection, with Smepmp's machine-mode lockdown.
//!
//! Sixteen entries, the lowest-numbered match decides:
//!
//! | entries | whose | what |
//! |---|---|---|
//! | 0–3 | machine mode, locked | kernel image, kernel memory |
//! | 4–9 | user mode | three process regions, rewritten at every switch |
//! | 10–15 | machine mode, locked | devices, application flash (read), application memory (read, write) |
//!
//! The first group outranks the process regions, so even a wrong process
//! region cannot expose the kernel. The last group is outranked by them: while
//! a process's regions are on, the kernel itself cannot touch that process's
//! memory.

mod entry;
#[cfg(target_arch = "riscv32")]
pub mod hardware;
mod machine;
#[cfg(test)]
mod model;
mod mpu;
mod process;

pub use entry::Entry;
#[cfg(target_arch = "riscv32")]
pub use hardware::ProcessorEntries;
pub use machine::{plan, ENTRIES, FIRST_USER_ENTRY, USER_ENTRIES};
pub use mpu::{Configurations, Pmp, UserEntries, UserRegions};
pub use process::{ProcessRegions, Range, OTHER_REGIONS};
