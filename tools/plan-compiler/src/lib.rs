//! Compiles quantised `.tflite` models to plans for the engine: int8 weights, and int8
//! or int16 activations.
//!
//! [`compile`] reads the model with a checked reader of its own, computes what
//! TensorFlow Lite Micro computes when it prepares a graph (shapes, paddings,
//! fixed-point factors), lays tensors out in one arena, and reorders the weights
//! into the order in which the engine's kernels read them. The same model gives
//! the same bytes everywhere. [`run`] executes a plan on the host, for golden
//! outputs and tests.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod activations;
mod arena;
mod assemble;
mod builtin;
mod compile;
mod constants;
mod error;
mod flatbuffer;
mod fuse;
mod host;
mod lower;
mod model;
mod placement;
mod quantization;
mod report;
mod step;
mod strided;
mod table;
mod tensor;
mod trim;
mod weights;

pub use anchorhold_engine::format::Element;
pub use compile::{compile, CompiledPlan, Options};
pub use error::{CompileError, Problem};
pub use host::{run, HostError};
pub use report::{OperatorReport, Peak, Report, TensorReport};
