//! What images share that measure inference without a kernel: jobs in, records out,
//! and a counter of instructions.
//!
//! The host puts *jobs* into flash (QEMU's `-device loader`), one after another; words
//! are 32 bits, little-endian:
//!
//! ```text
//! jobs   = job × any, then a word of zero (which erased memory has anyway)
//! job    = plan bytes ‖ input bytes ‖ tile bytes ‖ row bytes ‖ shift    (words)
//!          ‖ any byte × shift ‖ plan, filled up to fours
//!          ‖ input, filled up to fours
//! ```
//!
//! `tile bytes` is the length of the tile buffer, a multiple of 64, and `row bytes`
//! that of the row buffer, where the plan does not ask for more. Without tiles (0)
//! the weights are read where they lie, and there is no row buffer. Buffers begin `shift`
//! bytes behind a word, as the plan does, and lie between bands that must not change. The
//! image writes `results.bin` in the emulator's working directory, and ends the emulator,
//! with status 0 once all jobs have their records, well or ill:
//!
//! ```text
//! results = job's records × jobs
//! records = operator × run, then end
//! operator = 1 ‖ instructions ‖ output bytes (words) ‖ output
//! end      = 0 ‖ instructions ‖ status (words)
//! status   = 0 done, 1 plan refused, 2 run stopped, 3 wrong input length,
//!            4 not enough memory for arena, row buffer and tile buffer,
//!            5 bytes beside these have changed,
//!            6 a register has changed that functions must leave as it was
//! ```
//!
//! Instructions are those that the processor executed under QEMU's `-icount
//! shift=0`: on opentitan exactly, by `minstret`; on mps2_an386 by its system
//! timer, whose tick is 40 of them.

#![no_std]
#![forbid(unsafe_code)]

mod counter;
mod job;
mod record;

pub use counter::{Counter, SystemTimer, SYSTEM_TIMER};
pub use job::{Job, Jobs};
pub use record::{Records, Status};
