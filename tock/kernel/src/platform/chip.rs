//! [`Chip`]: the processor that the kernel runs on.

use core::fmt::Write;

use crate::platform::mpu::MPU;
use crate::syscall::UserspaceKernelBoundary;

/// A microcontroller: its memory protection, its way into user mode, its
/// interrupts and its sleep.
pub trait Chip {
    /// The memory protection unit.
    type MPU: MPU;
    /// Tells the kernel's thread from interrupt handlers.
    type ThreadIdProvider: ThreadIdProvider;
    /// The way into user mode and back.
    type UserspaceKernelBoundary: UserspaceKernelBoundary;

    /// Early set-up that needs no instance.
    fn init();

    /// Handles every pending interrupt.
    fn service_pending_interrupts(&self);

    /// Whether an interrupt waits to be handled.
    fn has_pending_interrupts(&self) -> bool;

    /// The memory protection unit.
    fn mpu(&self) -> &Self::MPU;

    /// The way into user mode and back.
    fn userspace_kernel_boundary(&self) -> &Self::UserspaceKernelBoundary;

    /// Sleeps until an interrupt is pending; returns at once if one is.
    fn sleep(&self);

    /// Runs `f` with interrupts off, so that none is handled meanwhile.
    fn with_interrupts_disabled<F, R>(&self, f: F) -> R
    where
        F: FnOnce() -> R;

    /// Writes the processor's state, for a report after a kernel panic.
    ///
    /// # Safety
    ///
    /// Only for a panic handler: it may read registers while other code is
    /// in the middle of using them.
    unsafe fn print_state(this: Option<&Self>, writer: &mut dyn Write);
}

/// Numbers the threads of execution.
///
/// # Safety
///
/// Two threads that can interleave (the main thread and an interrupt handler,
/// for one) must never get the same number.
pub unsafe trait ThreadIdProvider {
    /// The number of the thread that calls.
    fn running_thread_id() -> usize;
}

/// A set of interrupt handlers.
pub trait InterruptService {
    /// Handles `interrupt`; returns false if nobody here knows it.
    fn service_interrupt(&self, interrupt: u32) -> bool;
}
