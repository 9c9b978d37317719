//! The numbers that TRD 104 gives to system call classes and their variants.

/// Exit numbers (TRD 104, 4.7).
pub mod exit_id {
    /// End the process for good.
    pub const TERMINATE: u32 = 0;
    /// End the process and start it afresh.
    pub const RESTART: u32 = 1;
}

/// System call classes (TRD 104, 4). Yield, class 0, has its own traps in
/// [`RawSyscalls`](crate::RawSyscalls) and is therefore not listed.
pub mod syscall_class {
    /// Register an upcall (4.2).
    pub const SUBSCRIBE: usize = 1;
    /// Call a driver (4.3).
    pub const COMMAND: usize = 2;
    /// Share a buffer that the kernel may write (4.4).
    pub const ALLOW_RW: usize = 3;
    /// Share a buffer that the kernel may only read (4.5).
    pub const ALLOW_RO: usize = 4;
    /// Ask about, or change, the process's memory (4.6).
    pub const MEMOP: usize = 5;
    /// End or restart the process (4.7).
    pub const EXIT: usize = 6;
}

/// Yield numbers (TRD 104, 4.1).
pub mod yield_id {
    /// Run one upcall if one is pending.
    pub const NO_WAIT: u32 = 0;
    /// Sleep until an upcall has run.
    pub const WAIT: u32 = 1;
}
