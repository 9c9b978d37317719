//! The weight stream: tiles in, weights out, in the order of the kernels.

use crate::arena::copy;
use crate::error::RunError;

/// Weights that Conv2D and FullyConnected consume at a time: four of each of
/// four channels.
pub const QUAD_BYTES: usize = 16;

/// Where a plan's tiles come from: a vault, a file, a slice.
pub trait TileSource {
    /// Writes tile `index` to the front of `buffer`, whose length is the tile
    /// length, and returns the tile's length (only the last may be shorter).
    ///
    /// # Errors
    /// [`SourceError`] where the tile does not exist or was refused; the run
    /// stops.
    fn read_tile(&mut self, index: u32, buffer: &mut [u8]) -> Result<usize, SourceError>;
}

/// A source could not give a tile. The source itself knows why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceError;

/// A whole plan in memory, as a source of tiles.
#[derive(Clone, Copy, Debug)]
pub struct MemorySource<'a>(pub &'a [u8]);

impl TileSource for MemorySource<'_> {
    fn read_tile(&mut self, index: u32, buffer: &mut [u8]) -> Result<usize, SourceError> {
        let start = (index as usize).checked_mul(buffer.len());
        let rest = start.and_then(|start| self.0.get(start..));
        let rest = rest.filter(|rest| !rest.is_empty()).ok_or(SourceError)?;
        let length = rest.len().min(buffer.len());
        copy(buffer, rest);
        Ok(length)
    }
}

/// Reads a plan's bytes in order, one tile in memory at a time.
pub struct Stream<'a> {
    source: &'a mut dyn TileSource,
    buffer: &'a mut [u8],
    /// Next tile to read.
    index: u32,
    /// Bytes of the plan from tile `index` on.
    beyond: u32,
    /// Unread part of the tile in the buffer.
    start: usize,
    end: usize,
    /// To be skipped in the next tile: where reading starts.
    skip: usize,
    /// Weights that straddle two tiles.
    straddle: [u8; QUAD_BYTES],
}

impl<'a> Stream<'a> {
    /// Starts at byte `position` of a plan of `plan_bytes`. Reads nothing yet.
    pub fn new(
        source: &'a mut dyn TileSource,
        buffer: &'a mut [u8],
        position: u32,
        plan_bytes: u32,
    ) -> Result<Self, RunError> {
        if buffer.is_empty() || !buffer.len().is_multiple_of(64) {
            return Err(RunError::TileBuffer);
        }
        let tile = u32::try_from(buffer.len()).map_err(|_| RunError::TileBuffer)?;
        let index = position.checked_div(tile).unwrap_or(0);
        let skip = position.checked_rem(tile).unwrap_or(0);
        Ok(Self {
            source,
            buffer,
            index,
            beyond: plan_bytes.saturating_sub(position.saturating_sub(skip)),
            start: 0,
            end: 0,
            skip: skip as usize,
            straddle: [0; QUAD_BYTES],
        })
    }

    /// The same with tile `tile` in the buffer: if that is where reading starts, it is
    /// not read again.
    pub fn with_tile(
        source: &'a mut dyn TileSource,
        buffer: &'a mut [u8],
        tile: u32,
        position: u32,
        plan_bytes: u32,
    ) -> Result<Self, RunError> {
        let mut stream = Self::new(source, buffer, position, plan_bytes)?;
        // A plan may be without weights: then there is nothing to begin.
        if stream.index == tile && position < plan_bytes {
            stream.begin_tile()?;
        }
        Ok(stream)
    }

    /// The tile that is in the buffer.
    pub fn tile(&self) -> u32 {
        self.index.saturating_sub(1)
    }

    /// Makes sure that the buffer holds at least one unread byte.
    fn fill(&mut self) -> Result<(), RunError> {
        if self.start < self.end {
            return Ok(());
        }
        let index = self.index;
        self.begin_tile()?;
        let length = self
            .source
            .read_tile(index, self.buffer)
            .map_err(|_| RunError::Tile(index))?;
        if length != self.end {
            return Err(RunError::TileLength(index));
        }
        Ok(())
    }

    /// Goes on to tile `index`, which is in the buffer, or about to be.
    fn begin_tile(&mut self) -> Result<(), RunError> {
        let length = self.buffer.len().min(self.beyond as usize);
        if length == 0 || self.skip >= length {
            return Err(RunError::Inconsistent);
        }
        self.index = self.index.saturating_add(1);
        self.beyond = self.beyond.saturating_sub(length as u32);
        self.start = self.skip;
        self.end = length;
        self.skip = 0;
        Ok(())
    }

    /// Between 1 and `most` bytes, as many as the tile still has.
    fn chunk(&mut self, most: usize) -> Result<&[u8], RunError> {
        self.fill()?;
        let length = most.min(self.end.saturating_sub(self.start));
        let start = self.start;
        self.start = start.saturating_add(length);
        let unread = self.buffer.get(start..).unwrap_or_default();
        unread.get(..length).ok_or(RunError::Inconsistent)
    }

    /// Fills `target`.
    pub fn read(&mut self, mut target: &mut [u8]) -> Result<(), RunError> {
        while !target.is_empty() {
            let chunk = self.chunk(target.len())?;
            let (front, rest) = target
                .split_at_mut_checked(chunk.len())
                .ok_or(RunError::Inconsistent)?;
            copy(front, chunk);
            target = rest;
        }
        Ok(())
    }

    /// Between 1 and `most` quads (`most` at least 1), straight from the tile
    /// unless the next one straddles two tiles.
    pub fn quads(&mut self, most: usize) -> Result<&[[u8; QUAD_BYTES]], RunError> {
        self.fill()?;
        if self.end.saturating_sub(self.start) < QUAD_BYTES {
            let mut quad = [0; QUAD_BYTES];
            self.read(&mut quad)?;
            self.straddle = quad;
            return Ok(core::slice::from_ref(&self.straddle));
        }
        let left = self.end.saturating_sub(self.start) / QUAD_BYTES;
        let bytes = left.min(most).saturating_mul(QUAD_BYTES);
        Ok(self.chunk(bytes)?.as_chunks().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> [u8; 200] {
        core::array::from_fn(|index| index as u8)
    }

    #[test]
    fn reads_across_tiles() {
        let plan = plan();
        let mut source = MemorySource(&plan);
        let mut tile = [0; 64];
        let mut stream = Stream::new(&mut source, &mut tile, 60, 200).unwrap();
        let mut bytes = [0; 140];
        stream.read(&mut bytes).unwrap();
        assert_eq!(bytes, plan[60..]);
        assert_eq!(stream.read(&mut [0]), Err(RunError::Inconsistent));
    }

    #[test]
    fn quads_straddle_tiles() {
        let plan = plan();
        let mut source = MemorySource(&plan);
        let mut tile = [0; 64];
        let mut stream = Stream::new(&mut source, &mut tile, 36, 200).unwrap();
        let mut unread = &plan[36..196];
        while !unread.is_empty() {
            let quads = stream.quads(unread.len() / QUAD_BYTES).unwrap();
            let (front, rest) = unread.split_at(quads.len() * QUAD_BYTES);
            assert_eq!(quads.as_flattened(), front);
            unread = rest;
        }
    }

    #[test]
    fn starts_at_a_tile_boundary() {
        let plan = plan();
        let mut source = MemorySource(&plan);
        let mut tile = [0; 64];
        let mut stream = Stream::new(&mut source, &mut tile, 128, 200).unwrap();
        let mut bytes = [0; 72];
        stream.read(&mut bytes).unwrap();
        assert_eq!(bytes, plan[128..]);
    }

    #[test]
    fn tile_lengths_are_checked() {
        let plan = plan();
        let mut tile = [0; 64];
        // The source has less than the plan's header promised, or more.
        for (given, promised, index) in [(190, 200, 2), (200, 196, 3), (200, 130, 2)] {
            let mut source = MemorySource(&plan[..given]);
            let mut stream = Stream::new(&mut source, &mut tile, 0, promised).unwrap();
            let result = stream.read(&mut [0; 200]);
            assert_eq!(result, Err(RunError::TileLength(index)));
        }
        let mut source = MemorySource(&plan[..128]);
        let mut stream = Stream::new(&mut source, &mut tile, 0, 200).unwrap();
        assert_eq!(stream.read(&mut [0; 200]), Err(RunError::Tile(2)));
    }

    #[test]
    fn tile_buffers_are_multiples_of_64() {
        for length in [0, 32, 100] {
            let mut source = MemorySource(&[]);
            let mut tile = [0; 128];
            let stream = Stream::new(&mut source, &mut tile[..length], 0, 1);
            assert_eq!(stream.err(), Some(RunError::TileBuffer));
        }
    }
}
