//! Pixels of four channels as processors that load bytes want them: as they are.

use super::{as_words, as_words_mut};
use crate::format::GROUP;

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
