//! Arm, as Cortex-M has it.

mod privileged;
mod stack;
mod syscall;

pub use privileged::{
    raise_privilege, read_kernel_register, return_from_trap, semihosting, use_floating_point,
    write_memory_protection,
};
pub use stack::{breakpoint_on_stack, spin_on_stack, syscall_on_stack, undefined_on_stack};
pub use syscall::syscall;

/// An instruction that returns from a function.
pub const RETURN: u16 = 0x4770;
