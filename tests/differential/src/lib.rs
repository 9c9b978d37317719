//! Random operators, compiled and run by this project, compared with a plain
//! implementation of TensorFlow Lite's specification, of int8 and of int16.
//!
//! [`reference`](mod@reference) is that implementation: one operator a file, nested
//! loops, wide integers, nothing shared with the engine. [`instances`] draws random
//! operators (shapes, quantisation, weights, inputs), each from a number, and has
//! [`graph`] write the model and compute the expected output. [`host`] compiles a
//! model and runs it on this computer, [`board`] on the emulated boards; [`search`]
//! compares many.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod board;
pub mod draw;
pub mod graph;
pub mod host;
pub mod instances;
pub mod reference;
pub mod search;
pub mod tensor;
