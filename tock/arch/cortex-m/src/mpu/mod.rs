//! Memory protection by the MPU of Armv7-M (PMSAv7; Arm DDI 0403, B3.5).
//!
//! Eight regions; the highest-numbered match decides, and without one nothing
//! is permitted (`PRIVDEFENA` is clear):
//!
//! | regions | whose | what |
//! |---|---|---|
//! | 0–2 | privileged | flash (read), memory (read, write), devices |
//! | 3–5 | the running process | its memory (two regions), its code (one) |
//! | 6–7 | privileged | kernel image, kernel memory |
//!
//! The last group outranks the process's regions, so even a wrong one cannot
//! expose the kernel. While the kernel runs, the process's regions are off, so
//! that it cannot execute a process's code.
//!
//! A region is 2^n bytes, aligned to its own size. From 256 bytes on it is cut
//! into eighths that can be left out, and that is what covers parts of memory
//! here: an eighth is the granularity of one region. Two regions do better: the
//! second is as large as an eighth of the first, and its eighths cover what is
//! left over at the end.

mod cover;
#[cfg(target_arch = "arm")]
pub mod hardware;
#[cfg(test)]
mod model;
mod plan;
mod region;
mod unit;

pub use cover::{One, Two};
#[cfg(target_arch = "arm")]
pub use hardware::ProcessorRegions;
pub use plan::{plan, REGIONS};
pub use region::Region;
pub use unit::{Mpu, ProcessRegions, UserRegionRegisters, UserRegions};
