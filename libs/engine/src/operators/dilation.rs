//! Windows with gaps: where their taps lie on the input.
//!
//! Convolutions whose kernels have gaps gather each window tap by tap, so that the
//! inner loops never see a gap.

use super::geometry::Geometry;
#[cfg(target_arch = "arm")]
use crate::arena::copy;
#[cfg(not(target_arch = "arm"))]
use crate::processor::Block;

impl Geometry {
    /// Whether the kernel has gaps.
    pub fn is_dilated(&self) -> bool {
        (self.dilation_down, self.dilation_across) != (1, 1)
    }
}

/// For every tap of the window at an output position, in the kernel's order: where
/// in the input its pixel starts, or nothing where it lies in the padding.
pub fn taps(
    geometry: &Geometry,
    (row, column): (usize, usize),
) -> impl Iterator<Item = Option<usize>> {
    let geometry = *geometry;
    let (top, left) = (row * geometry.stride_down, column * geometry.stride_across);
    let source = |start: usize, tap: usize, padding: usize, limit: usize| {
        let place = (start + tap).checked_sub(padding);
        place.filter(|place| *place < limit)
    };
    (0..geometry.kernel_height).flat_map(move |down| {
        let down = down * geometry.dilation_down;
        let row = source(top, down, geometry.padding_top, geometry.input_height);
        (0..geometry.kernel_width).map(move |across| {
            let across = across * geometry.dilation_across;
            let limit = geometry.input_width;
            let column = source(left, across, geometry.padding_left, limit)?;
            Some((row? * geometry.input_width + column) * geometry.input_channels)
        })
    })
}

/// Copies what lies under the taps of the window at an output position to `patch`,
/// which is left as it is where they lie in the padding.
#[cfg(target_arch = "arm")]
#[inline(never)]
pub fn gather(geometry: &Geometry, place: (usize, usize), input: &[u8], patch: &mut [u8]) {
    let pixels = patch.chunks_exact_mut(geometry.input_channels.max(1));
    for (pixel, source) in pixels.zip(taps(geometry, place)) {
        if let Some(source) = source {
            copy(pixel, input.get(source..).unwrap_or_default());
        }
    }
}

/// Puts what lies under the taps of the windows at two output positions side by side,
/// the first of them at `place`, into `block`, from word `start` on.
#[cfg(not(target_arch = "arm"))]
#[inline(never)]
pub fn pack(
    geometry: &Geometry,
    (row, column): (usize, usize),
    (input, padding): (&[u8], u8),
    block: &mut Block,
    start: usize,
) {
    let channels = geometry.input_channels;
    let window = geometry.kernel_height * geometry.kernel_width * channels;
    block.fill(start, window, padding);
    for position in 0..2 {
        let mut word = start;
        for source in taps(geometry, (row, column + position)) {
            let pixel = source.and_then(|source| input.get(source..)?.get(..channels));
            block.replace(word, position > 0, padding, pixel.unwrap_or_default());
            word += channels;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Window;

    #[test]
    fn taps_skip_gaps_and_padding() {
        let window = Window {
            scratch_offset: 0,
            input: [5, 4, 3],
            output: [5, 4, 3],
            kernel: [3, 2],
            stride: [1, 1],
            padding: [2, 1],
            gaps: [1, 2],
        };
        let geometry = Geometry::of(&window);
        let at = |row, column| {
            let mut all = [Some(usize::MAX); 6];
            let taps = taps(&geometry, (row, column));
            all.iter_mut().zip(taps).for_each(|(to, tap)| *to = tap);
            all
        };
        let pixel = |row: usize, column: usize| Some((row * 4 + column) * 3);
        // Rows −2, 0 and 2; columns −1 and 2.
        let expected = [None, None, None, pixel(0, 2), None, pixel(2, 2)];
        assert_eq!(at(0, 0), expected);
        // Rows 2, 4 and 6; columns 2 and 5.
        let expected = [pixel(2, 2), None, pixel(4, 2), None, None, None];
        assert_eq!(at(4, 3), expected);
    }
}
