//! Containers that need no heap.

pub mod list;
pub mod queue;
pub mod ring_buffer;
