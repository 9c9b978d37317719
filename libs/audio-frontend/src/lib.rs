//! From sound to what a keyword model takes: 40 features a frame, a frame every 20 ms.
//!
//! The stages and their numbers are those of TensorFlow Lite Micro's audio
//! preprocessor, which computes the features that its `micro_speech` model was trained
//! on, and every feature has the same value to the bit. In order:
//!
//! | stage | file |
//! |---|---|
//! | 480 samples, Hann window | `window` |
//! | 512-point Fourier transform of 16-bit numbers | `fourier` |
//! | 40 triangular channels on the mel scale, 125 Hz to 7.5 kHz | `mel` |
//! | magnitude of each: the square root of its energy | `root` |
//! | less the noise, which is what changes slowly | `noise` |
//! | gain that falls with the noise (PCAN) | `gain` |
//! | logarithm | `logarithm` |
//! | int8 | `front_end` |
//!
//! Everything is integers; tables are computed while this is compiled. Nothing
//! allocates, panics or knows a kernel. A frame takes 1.2 KiB of stack.
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod constant_math;
mod fourier;
mod front_end;
mod gain;
mod logarithm;
mod mel;
mod noise;
mod root;
mod window;

pub use front_end::{
    frames, quantized, FrontEnd, CHANNELS, FEATURE_UNIT, FRAME_SAMPLES, SAMPLE_RATE, STEP_SAMPLES,
};

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod reference;
