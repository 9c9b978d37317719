//! The kernel itself: its processes, its main loop, its system calls.

mod main_loop;
mod memop;
mod registry;
mod syscalls;

pub use registry::Kernel;
