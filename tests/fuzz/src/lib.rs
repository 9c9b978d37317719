//! Mutated models and plans: refused, or run inside their buffers; never a panic,
//! never a hang.
//!
//! [`plan`] mutates plans and gives them to the engine's validator; what it accepts
//! runs between guard bands ([`guarded`]). [`tflite`] mutates `.tflite` files and
//! gives them to the compiler. Both start from real inputs ([`corpus`]) and know the
//! structure of what they mutate, so that mutants get past the first checks.
//! [`campaign`] runs millions of them, on all processors, each made from a number.
//! [`boards`] has the emulated boards compute what the engine accepted, and compares.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod boards;
pub mod campaign;
pub mod corpus;
pub mod guarded;
mod mutation;
pub mod plan;
mod plan_parts;
mod processor_time;
pub mod tflite;
mod tflite_fields;
