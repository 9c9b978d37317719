//! What yield-no-wait tells its caller.

/// Whether yield-no-wait ran an upcall (TRD 104, 4.1.1).
// One byte with the kernel's numbers, because the kernel writes it directly.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum YieldNoWaitReturn {
    /// No upcall was pending.
    NoUpcall = 0,
    /// One upcall ran.
    Upcall = 1,
}
