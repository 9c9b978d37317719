//! Tock's system capsules: how processes are scheduled, what becomes of those
//! that fault, and where the kernel's log goes.

#![no_std]
#![forbid(unsafe_code)]

pub mod debug_writer;
pub mod process_policies;
pub mod scheduler;
pub mod virtual_scheduler_timer;
