//! Test doubles: a chip, a board and binaries on the host.
//!
//! A test boots a [`World`](world::World) of processes whose instructions are
//! a list of system calls and faults, runs the kernel loop, and looks at what
//! the processes got back.

mod board;
mod chip;
mod processes;
mod tbf;
mod world;

mod test_credentials;
mod test_life;
mod test_loading;
mod test_memory;
mod test_random;
mod test_upcalls;
