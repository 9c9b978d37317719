//! Inputs as processors that load bytes want them: as they are.

use super::{as_words, as_words_mut, four_by_four, Inputs, Sums};
use crate::format::GROUP;
use crate::stream::QUAD_BYTES;

/// Output positions that a convolution computes together.
pub const POSITIONS: usize = 4;

/// The inputs under the windows of [`POSITIONS`] output positions.
pub struct Block<'a> {
    fours: &'a mut [Inputs],
    /// Fours in a window.
    length: usize,
}

impl<'a> Block<'a> {
    /// A block in `scratch` whose windows have `length` fours: [`POSITIONS`] × 4 ×
    /// `length` bytes.
    pub fn new(scratch: &'a mut [u8], length: usize) -> Self {
        let fours = scratch.as_chunks_mut().0;
        Self { fours, length }
    }

    /// Puts `inputs` into the window at `position`, from its four `start` on.
    #[inline(always)]
    pub fn place(&mut self, position: usize, start: usize, inputs: &[Inputs]) {
        let target = self.fours.get_mut(position * self.length + start..);
        copy_fours(target.unwrap_or_default(), inputs);
    }

    /// Fills the window at `position`.
    pub fn fill(&mut self, position: usize, inputs: Inputs) {
        let target = self
            .fours
            .chunks_exact_mut(self.length.max(1))
            .nth(position);
        target.unwrap_or_default().fill(inputs);
    }

    /// Replaces `sums` by those of all products of `weights` with each window.
    #[inline(always)]
    pub fn sums(&self, weights: &[[u8; QUAD_BYTES]], sums: &mut [Sums; POSITIONS]) {
        four_by_four(sums, weights, self.fours, self.length);
    }
}

/// One input of each of four channels.
pub type Pixel = [u8; GROUP];

/// The pixel of four channels.
#[inline(always)]
pub fn pixel(channels: [u8; GROUP]) -> Pixel {
    channels
}

/// The channels of a pixel.
#[inline(always)]
pub fn channels(pixel: &Pixel) -> [i32; GROUP] {
    pixel.map(|byte| i32::from(byte as i8))
}

/// Copies as many as there are: by words, if they lie there.
#[inline(always)]
fn copy_fours(target: &mut [[u8; 4]], source: &[[u8; 4]]) {
    let words = as_words(source.as_flattened());
    let target_words = as_words_mut(target.as_flattened_mut());
    if !words.is_empty() && !target_words.is_empty() {
        for (target, word) in target_words.iter_mut().zip(words) {
            *target = *word;
        }
        return;
    }
    for (target, source) in target.iter_mut().zip(source) {
        *target = *source;
    }
}

/// Loads the first four of every `stride` bytes of `source`.
#[inline(always)]
pub fn load_pixels(target: &mut [Pixel], source: &[u8], stride: usize) {
    let words = as_words(source);
    let target_words = as_words_mut(target.as_flattened_mut());
    if stride.is_multiple_of(4) && !words.is_empty() && !target_words.is_empty() {
        let words = words.iter().step_by((stride / 4).max(1));
        for (target, word) in target_words.iter_mut().zip(words) {
            *target = *word;
        }
        return;
    }
    for (target, source) in target.iter_mut().zip(source.chunks(stride.max(1))) {
        if let Some(four) = source.first_chunk() {
            *target = *four;
        }
    }
}
