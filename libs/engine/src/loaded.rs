//! A plan that comes in tiles from its first byte.

use crate::error::RunError;
use crate::format::Header;
use crate::plan::{Observer, Plan};
use crate::stream::{Stream, TileSource};

/// A plan whose resident part was read from tiles, the last of which is still in the
/// buffer: the run goes on there, so that no tile is read twice.
#[derive(Clone, Copy, Debug)]
pub struct LoadedPlan<'a> {
    plan: Plan<'a>,
    /// The tile in the buffer.
    tile: u32,
}

impl<'a> LoadedPlan<'a> {
    /// Reads a plan's resident part from its first tiles into `resident`, and
    /// checks it. `tile_buffer` is as long as a tile.
    ///
    /// # Errors
    /// `Plan` for an unacceptable plan, `ResidentBuffer` where `resident` is too
    /// short, or what the source answers.
    pub fn load(
        source: &mut dyn TileSource,
        tile_buffer: &mut [u8],
        resident: &'a mut [u8],
    ) -> Result<Self, RunError> {
        let length = source
            .read_tile(0, tile_buffer)
            .map_err(|_| RunError::Tile(0))?;
        let first = tile_buffer.get(..length).ok_or(RunError::TileLength(0))?;
        let header = Header::parse(first)?;
        if length != tile_buffer.len().min(header.plan_bytes as usize) {
            return Err(RunError::TileLength(0));
        }
        let needed = RunError::ResidentBuffer(header.resident_bytes);
        let resident = resident
            .get_mut(..header.resident_bytes as usize)
            .ok_or(needed)?;
        let mut stream = Stream::with_tile(source, tile_buffer, 0, 0, header.plan_bytes)?;
        stream.read(resident)?;
        let tile = stream.tile();
        let plan = Plan::validate(resident)?;
        Ok(Self { plan, tile })
    }

    /// The plan.
    pub fn plan(&self) -> &Plan<'a> {
        &self.plan
    }

    /// Runs the plan once, as [`Plan::run`] does, and returns it. `tile_buffer` is as
    /// [`load`](Self::load) left it; with other bytes, the results are wrong.
    ///
    /// # Errors
    /// Those of [`Plan::run`].
    pub fn run<O: Observer + ?Sized>(
        self,
        source: &mut dyn TileSource,
        tile_buffer: &mut [u8],
        row_buffer: &mut [u8],
        arena: &mut [u8],
        observer: &mut O,
    ) -> Result<Plan<'a>, RunError> {
        let header = self.plan.header();
        let (position, length) = (header.resident_bytes, header.plan_bytes);
        let stream = Stream::with_tile(source, tile_buffer, self.tile, position, length)?;
        self.plan.run_stream(stream, row_buffer, arena, observer)?;
        Ok(self.plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::{operator, plan, RESIDENT};
    use crate::stream::{MemorySource, SourceError};

    /// Counts what is read.
    struct Counting<'a> {
        plan: MemorySource<'a>,
        reads: u32,
    }

    impl TileSource for Counting<'_> {
        fn read_tile(&mut self, index: u32, buffer: &mut [u8]) -> Result<usize, SourceError> {
            self.reads += 1;
            self.plan.read_tile(index, buffer)
        }
    }

    #[test]
    fn every_tile_is_read_once() {
        let bytes = plan(&operator());
        for tile_length in [64, 128, 256] {
            let (mut tile, mut resident, mut arena) = ([0; 256], [0; RESIDENT], [0; 8]);
            let tile = &mut tile[..tile_length];
            let mut source = Counting {
                plan: MemorySource(&bytes),
                reads: 0,
            };
            let loaded = LoadedPlan::load(&mut source, tile, &mut resident).unwrap();
            let input = loaded.plan().input_mut(&mut arena).unwrap();
            input.copy_from_slice(&[3, 2, 0xfe]);
            let plan = loaded.run(&mut source, tile, &mut [], &mut arena, &mut ());
            assert_eq!(plan.unwrap().output(&arena), Ok(&[7, 0xfe][..]));
            assert_eq!(source.reads as usize, bytes.len().div_ceil(tile_length));
        }
    }

    #[test]
    fn loads_its_resident_part() {
        let bytes = plan(&operator());
        let (mut tile, mut resident) = ([0; 64], [0; RESIDENT]);
        let mut source = MemorySource(&bytes);
        let loaded = LoadedPlan::load(&mut source, &mut tile, &mut resident).unwrap();
        let whole = Plan::validate(&bytes).unwrap();
        assert_eq!(loaded.plan().header(), whole.header());
        let short = LoadedPlan::load(&mut source, &mut tile, &mut resident[..RESIDENT - 1]);
        assert_eq!(short.err(), Some(RunError::ResidentBuffer(RESIDENT as u32)));
        for (length, refused) in [(60, 0), (100, 1)] {
            let mut cut = MemorySource(&bytes[..length]);
            let cut = LoadedPlan::load(&mut cut, &mut tile, &mut resident);
            assert_eq!(cut.err(), Some(RunError::TileLength(refused)));
        }
    }
}
