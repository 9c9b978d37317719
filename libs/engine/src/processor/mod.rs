//! The inner loops, one file a processor: multiply-accumulate of int8 inputs and
//! weights. All give the same bits; which one is used follows from the target.
//!
//! Weights come in *quads*: four weights of each of four output channels. Inputs
//! come in fours. Products cannot overflow; sums wrap.

#[cfg(not(target_arch = "arm"))]
mod bytes;
#[cfg(not(target_arch = "arm"))]
mod packed;
mod portable;
#[cfg(not(target_arch = "arm"))]
mod runs;
pub use portable::taps;

#[cfg(target_arch = "arm")]
mod cortex_m4;
#[cfg(target_arch = "arm")]
pub use cortex_m4::*;

#[cfg(not(target_arch = "arm"))]
pub use bytes::{channels, load_pixels, pixel, Pixel};
#[cfg(not(target_arch = "arm"))]
pub use packed::{Block, POSITIONS};
#[cfg(not(target_arch = "riscv32"))]
pub use portable::{requantize, REQUANTIZES};
#[cfg(not(target_arch = "arm"))]
pub use portable::{Scale, SATURATES};
#[cfg(target_arch = "riscv32")]
use runs::ROOM;
#[cfg(not(target_arch = "arm"))]
pub use runs::{Runs, Start};

#[cfg(target_arch = "riscv32")]
mod rv32im;
#[cfg(target_arch = "riscv32")]
pub use rv32im::*;

#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
pub use portable::*;

use crate::format::{GROUP, GROUP_HEADER_BYTES};

/// Four inputs that meet the same quad of weights.
pub type Inputs = [u8; 4];
/// A sum for each channel of a group.
pub type Sums = [i32; GROUP];

/// Biases, multipliers and, as bytes of one word, shifts of a group of four channels.
pub type GroupHeader = [i32; GROUP_HEADER_BYTES / 4];

/// What is known of a group of a convolution's weights.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Known {
    /// Where its runs begin.
    #[cfg(not(target_arch = "arm"))]
    pub runs: Start,
    /// Whether sums are small.
    pub is_small: bool,
    /// Whether all weights are zero, as those of channels are that training has given
    /// up: there is nothing to multiply.
    pub is_idle: bool,
}

/// What all of an operator's outputs share.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Limits {
    /// The least output.
    pub minimum: i32,
    /// The greatest.
    pub maximum: i32,
    /// The output for zero.
    pub zero_point: i32,
}

/// Length that a depthwise convolution's scratch area has for a pixel, whatever the
/// processor makes of it.
pub const PIXEL_BYTES: usize = 8;

/// The weights of a group of channels under a kernel of 3 × 3, at a word.
#[repr(C, align(4))]
pub struct Kernel(pub [Pixel; 9]);
