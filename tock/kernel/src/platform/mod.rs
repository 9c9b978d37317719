//! What the kernel needs from a chip and a board.

pub mod chip;
pub mod mpu;
pub mod scheduler_timer;
pub mod watchdog;

mod resources;

pub use resources::{
    ContextSwitchCallback, KernelResources, ProcessFault, SyscallDriverLookup, SyscallFilter,
};
