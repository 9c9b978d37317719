//! Hardware interface layers: what capsules know of hardware.

pub mod entropy;
pub mod nonvolatile_storage;
pub mod rng;
pub mod sensors;
pub mod time;
pub mod uart;
