//! What processes use to ask for Evidence, and to answer.
//!
//! For applications: [`Evidence`] asks the kernel for a signed answer, and
//! [`line`] is the text protocol over which a PC asks an application for one.
//!
//! For the inference process: [`Worker`] receives requests and hands in results,
//! [`Sensor`] reads a window of samples, and [`Vault`] reads the sealed model.
//! The kernel refuses these three to every other process.
//!
//! Everything is generic over `libtock_platform::Syscalls`, so that it runs in
//! host tests against a fake kernel.
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod evidence;
pub mod line;
mod result;
pub mod sensor;
mod upcall;
pub mod vault;
pub mod worker;

pub use evidence::Evidence;
pub use result::ResultStatus;
pub use sensor::Sensor;
pub use vault::Vault;
pub use worker::{Work, Worker};
