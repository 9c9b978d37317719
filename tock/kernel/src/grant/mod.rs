//! Grants: memory of a driver for each process, taken from that process.
//!
//! A driver that needs state per process keeps it in its grant. The memory
//! comes from the top of the process's own allotment, out of the process's
//! reach; a process that makes drivers keep a lot pays for it itself, and
//! everything vanishes (wiped) with the process.
//!
//! Besides the driver's own `T` a grant holds the upcalls and buffers that
//! the process registered with the driver, which the kernel looks after.

mod access;
mod counts;
mod data;
mod region;
mod swap;

pub use access::{Grant, GrantIterator, ProcessGrant};
pub use counts::{AllowRoCount, AllowRoSize, AllowRwCount, AllowRwSize, UpcallCount, UpcallSize};
pub use data::{GrantData, GrantKernelData};

pub(crate) use swap::{allow_readonly, allow_readwrite, subscribe};
