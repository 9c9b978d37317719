//! What the engine works in, between bands that it must not touch.

use core::ops::Range;

/// Least length of a band.
const BAND: usize = 32;
/// What a band is filled with.
const FILLING: u8 = 0xa5;

/// Arena, row buffer and tile buffer in the board's memory, and bands around them.
pub struct Buffers<'a> {
    /// As much as all of it takes.
    memory: &'a mut [u8],
    places: [Range<usize>; 3],
}

impl<'a> Buffers<'a> {
    /// Buffers of these lengths, each of which begins `shift` bytes behind a word; if
    /// there is enough memory.
    pub fn new(memory: &'a mut [u8], lengths: [usize; 3], shift: usize) -> Option<Self> {
        let mut places = [const { 0..0 }; 3];
        let mut end = 0usize;
        for (place, length) in places.iter_mut().zip(lengths) {
            let start = end.checked_next_multiple_of(4)?.checked_add(BAND + shift)?;
            end = start.checked_add(length)?;
            *place = start..end;
        }
        let memory = memory.get_mut(..end.checked_add(BAND)?)?;
        let buffers = Self { memory, places };
        for band in buffers.bands() {
            buffers.memory.get_mut(band)?.fill(FILLING);
        }
        Some(buffers)
    }

    /// All three of them.
    pub fn borrow(&mut self) -> Option<[&mut [u8]; 3]> {
        self.memory.get_disjoint_mut(self.places.clone()).ok()
    }

    /// Whether all bands are as they were.
    pub fn are_bands_whole(&self) -> bool {
        let mut bands = self.bands().into_iter();
        bands.all(|band| {
            let band = self.memory.get(band).unwrap_or_default();
            band.iter().all(|byte| *byte == FILLING)
        })
    }

    /// What lies before, between and behind the buffers.
    fn bands(&self) -> [Range<usize>; 4] {
        let [arena, rows, tile] = &self.places;
        [
            0..arena.start,
            arena.end..rows.start,
            rows.end..tile.start,
            tile.end..self.memory.len(),
        ]
    }
}
