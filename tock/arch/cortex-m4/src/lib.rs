//! Arm Cortex-M4: reset, exceptions, and switching to processes and back.
//!
//! The kernel is never interrupted: interrupts stay masked while it runs, end a
//! process's time slice when it does not, and are serviced by polling. PendSV
//! takes it to a process. System calls, faults and interrupts bring it back, and
//! any other exception is a kernel fault.
//!
//! All of it is for the target; what decides is in `cortexm`, tested on any host.

#![no_std]

#[cfg(target_arch = "arm")]
mod context;
#[cfg(target_arch = "arm")]
mod kernel_fault;
#[cfg(target_arch = "arm")]
mod start;
#[cfg(target_arch = "arm")]
pub mod syscall;
#[cfg(target_arch = "arm")]
mod vectors;

#[cfg(target_arch = "arm")]
pub use cortexm::barrier;
pub use cortexm::{mpu, nvic, systick, thread_id};
#[cfg(target_arch = "arm")]
pub use kernel_fault::kernel_fault;
#[cfg(target_arch = "arm")]
pub use vectors::{first_vector, Vectors};

/// Sets exceptions up: their priorities, and no interrupt enabled.
#[cfg(target_arch = "arm")]
pub fn initialize_exceptions() {
    cortexm::system_control::initialize();
    nvic::NVIC.reset(cortexm::exception::priority::INTERRUPT);
}
