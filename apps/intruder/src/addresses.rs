//! What is where, seen from a process that must not touch it. A process is built
//! for all boards of a memory map; one of them is named for each.

#[cfg(target_arch = "arm")]
#[path = "addresses/mps2_an386.rs"]
mod board;
#[cfg(all(target_arch = "riscv32", not(memory_map = "virt")))]
#[path = "addresses/opentitan.rs"]
mod board;
#[cfg(memory_map = "virt")]
#[path = "addresses/qemu_rv32_virt.rs"]
mod board;

pub use board::*;

/// The first address there is.
pub const NULL: usize = 0;
