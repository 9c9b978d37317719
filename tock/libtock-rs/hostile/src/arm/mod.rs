//! Arm, as Cortex-M has it.

mod privileged;
mod syscall;

pub use privileged::{
    raise_privilege, read_kernel_register, return_from_trap, semihosting, use_floating_point,
    write_memory_protection,
};
pub use syscall::{syscall, syscall_on_stack};

/// An instruction that returns from a function.
pub const RETURN: u16 = 0x4770;
