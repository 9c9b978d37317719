//! RISC-V.

mod memory;
mod privileged;
mod syscall;

pub(crate) use memory::store;
pub use memory::{call, read, RETURN};
pub use privileged::{
    raise_privilege, read_kernel_register, return_from_trap, semihosting, write_memory_protection,
};
pub use syscall::syscall;
