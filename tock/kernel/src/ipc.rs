//! Inter-process communication, which this kernel does not have.

/// The IPC driver that the kernel loop's interface mentions. It has no
/// values: boards pass `None::<&IPC<0>>`.
pub enum IPC<const NUM_PROCS: u8> {}
