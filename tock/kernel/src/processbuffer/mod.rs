//! Buffers that processes share with the kernel through allow system calls.
//!
//! The process goes on to own the memory: it may change it at any time when
//! the kernel does not run, may share the same bytes several times, and may
//! die. So the kernel sees the bytes as cells, never as plain slices, and
//! every access first makes sure that the process is alive.

mod buffer;
mod slice;

pub use buffer::{
    ReadOnlyProcessBuffer, ReadOnlyProcessBufferRef, ReadWriteProcessBuffer,
    ReadWriteProcessBufferRef, ReadableProcessBuffer, WriteableProcessBuffer,
};
pub use slice::{
    ProcessSliceIndex, ReadableProcessByte, ReadableProcessSlice, WriteableProcessSlice,
};
