//! A process's registers while it does not run. They are kept in the kernel's
//! memory; nothing that matters stays on the process's stack, where a buffer
//! that it shares could overlap it.

use crate::exception;
use crate::fault::{Fault, FaultStatus};
use crate::frame::{Frame, THUMB};

/// Everything that the context switch saves and restores; its assembly knows
/// this layout up to `frame`.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct StoredState {
    /// `r4` to `r11`.
    pub saved: [u32; 8],
    /// Where the processor's exception frame is on the process's stack, while the
    /// process runs and right after.
    pub frame_place: u32,
    /// The exception that stopped the process; zero if it did not run.
    pub exception: u32,
    /// The other registers.
    pub frame: Frame,
    /// The process's stack pointer.
    pub sp: u32,
    /// After a fault: what it left.
    pub status: FaultStatus,
}

impl StoredState {
    /// The registers of a process before its first function.
    pub fn at_start(sp: u32) -> StoredState {
        StoredState {
            frame: Frame {
                xpsr: THUMB,
                ..Frame::default()
            },
            sp,
            ..StoredState::default()
        }
    }

    /// Why the process faulted, where its memory starts at `memory_start`.
    pub fn fault(&self, memory_start: u32) -> Fault {
        match self.exception {
            0 => Fault::stack_limit(self.sp, self.frame.pc),
            exception::SUPERVISOR_CALL => Fault {
                name: "unknown system call",
                address: self.frame.pc,
                pc: self.frame.pc,
            },
            _ => Fault::new(&self.status, self.frame.pc, self.sp, memory_start),
        }
    }
}
