//! What the engine works in, between bands that it must not touch.

use core::ops::Range;

/// Length of a band.
const BAND: usize = 32;
/// What a band is filled with.
const FILLING: u8 = 0xa5;

/// Arena, row buffer and tile buffer in the board's memory, and bands around them. One
/// ends where memory does, but for what `shift` leaves of a word: reading behind it is a
/// fault where the board has nothing there.
pub struct Buffers<'a> {
    memory: &'a mut [u8],
    places: [Range<usize>; 3],
}

impl<'a> Buffers<'a> {
    /// Buffers of these lengths, each of which begins `shift` bytes behind a word, and the
    /// one with number `last` (below 3) at the end; if there is enough memory, which begins
    /// and ends at words.
    pub fn new(
        memory: &'a mut [u8],
        lengths: [usize; 3],
        shift: usize,
        last: usize,
    ) -> Option<Self> {
        let mut places = [const { 0..0 }; 3];
        let mut end = 0usize;
        for (number, (place, length)) in places.iter_mut().zip(lengths).enumerate() {
            if number != last {
                let start = end.checked_next_multiple_of(4)?.checked_add(BAND + shift)?;
                end = start.checked_add(length)?;
                *place = start..end;
            }
        }
        let length = *lengths.get(last)?;
        let start = memory.len().checked_sub(length)?;
        let start = start.checked_sub(start.wrapping_sub(shift) % 4)?;
        if start < end.checked_add(BAND)? {
            return None;
        }
        *places.get_mut(last)? = start..start + length;
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

    /// What lies before and behind the buffers.
    fn bands(&self) -> [Range<usize>; 6] {
        let [arena, rows, tile] = &self.places;
        let before = |place: &Range<usize>| place.start.saturating_sub(BAND)..place.start;
        let behind = |place: &Range<usize>| {
            let end = place.end.saturating_add(BAND);
            place.end..end.min(self.memory.len())
        };
        [
            before(arena),
            behind(arena),
            before(rows),
            behind(rows),
            before(tile),
            behind(tile),
        ]
    }
}
