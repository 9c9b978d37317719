//! What Cortex-M processors share (Armv7-M Architecture Reference Manual, Arm
//! DDI 0403): memory protection, interrupt controller, system timer, and what
//! exceptions leave of the code that they stop.
//!
//! What decides is plain code, tested on any host; the rest is for the target.

#![no_std]

#[cfg(target_arch = "arm")]
pub mod barrier;
pub mod convention;
pub mod exception;
pub mod fault;
pub mod frame;
pub mod mpu;
pub mod nvic;
pub mod state;
#[cfg(target_arch = "arm")]
pub mod system_control;
pub mod systick;
pub mod thread_id;
