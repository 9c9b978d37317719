//! The inference engine: runs a compiled plan whose weights arrive in tiles.
//!
//! A *plan* is what `tools/plan-compiler` makes of a quantised `.tflite` model: a
//! small resident part (header and operator table) followed by the weights in
//! exactly the order in which the operators read them. `docs/formats/plan.md`
//! describes the bytes; [`format`] is their only reader and writer.
//!
//! ```text
//! let loaded = LoadedPlan::load(&mut source, tile_buffer, resident_buffer)?;
//! loaded.plan().input_mut(arena)?.copy_from_slice(window);
//! let plan = loaded.run(&mut source, tile_buffer, row_buffer, arena, &mut ())?;
//! let answer = plan.output(arena)?;
//!
//! let plan = Plan::validate(bytes)?;                                     // all in memory
//! plan.input_mut(arena)?.copy_from_slice(window);
//! plan.run_in_memory(bytes, arena, &mut ())?;
//! ```
//!
//! Tensors are int8 or int16; buffers are `u8` slices that hold their two's
//! complement, so that they can be shared with a kernel as they are. Results equal
//! those of TensorFlow Lite Micro's reference kernels bit for bit.
//!
//! Nothing here allocates, and no input (plan, tile, sample) can make it panic.
//! The engine leaves plaintext weights and activations in the caller's buffers:
//! wiping them is the caller's duty.
#![no_std]
#![deny(unsafe_code)]
#![warn(missing_docs)]

mod arena;
mod error;
pub mod exponential;
pub mod fixed_point;
pub mod format;
mod loaded;
mod operators;
mod plan;
mod processor;
mod stream;
mod weights;

pub use error::{OperatorFault, PlanError, RunError};
pub use format::{Header, InputQuantization, ABI, HEADER_BYTES};
pub use loaded::LoadedPlan;
pub use operators::Lengths;
pub use plan::{Observer, Plan};
pub use stream::{MemorySource, SourceError, TileSource};
