//! Upcalls: functions of a process that the kernel calls on a driver's behalf.

/// Names an upcall of a process: the driver and the number within it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UpcallId {
    /// The driver.
    pub driver_num: usize,
    /// The driver's subscribe number.
    pub subscribe_num: usize,
}

/// Why an upcall could not be scheduled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UpcallError {
    /// The driver has no upcall with this number.
    InvalidSubscribeNum,
    /// Too many upcalls wait for the process already; this one is lost.
    QueueFull,
    /// The process is gone.
    KernelError,
}
