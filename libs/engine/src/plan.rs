//! A validated plan, and how it runs.

use crate::arena::Area;
use crate::error::{OperatorFault, PlanError, RunError};
use crate::format::{Header, Operator, Record, HEADER_BYTES, RECORD_BYTES};
use crate::operators;
use crate::stream::{Stream, TileSource};

/// Sees every operator's output. `()` sees nothing and costs nothing.
pub trait Observer {
    /// Operator `index` has written `output` (int8, two's complement).
    fn operator(&mut self, index: usize, output: &[u8]);
}

impl Observer for () {
    #[inline(always)]
    fn operator(&mut self, _index: usize, _output: &[u8]) {}
}

/// The resident part of a plan, every offset, shape and length checked.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    header: Header,
    records: &'a [[u8; RECORD_BYTES]],
}

impl<'a> Plan<'a> {
    /// Checks a plan's resident part, which may be followed by other bytes.
    ///
    /// # Errors
    /// [`PlanError`] says what is wrong, and with which operator.
    pub fn validate(resident: &'a [u8]) -> Result<Self, PlanError> {
        let header = Header::parse(resident)?;
        let records = resident
            .get(HEADER_BYTES..header.resident_bytes as usize)
            .ok_or(PlanError::Truncated)?
            .as_chunks()
            .0;
        let mut weights = 0u32;
        let mut row = 0u32;
        for (index, bytes) in records.iter().enumerate() {
            let in_operator = |fault| PlanError::Operator {
                index: index as u16,
                fault,
            };
            let operator = Record(bytes).parse().map_err(in_operator)?;
            let (lengths, _) =
                operators::check(&operator, header.arena_bytes).map_err(in_operator)?;
            weights = weights
                .checked_add(lengths.weights)
                .ok_or(PlanError::WeightLength)?;
            row = row.max(lengths.row);
        }
        if header.plan_bytes.checked_sub(header.resident_bytes) != Some(weights) {
            return Err(PlanError::WeightLength);
        }
        if header.row_bytes != row {
            return Err(PlanError::RowLength);
        }
        Ok(Self { header, records })
    }

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
        let needed = RunError::ResidentBuffer(header.resident_bytes);
        let resident = resident
            .get_mut(..header.resident_bytes as usize)
            .ok_or(needed)?;
        // From tile 0 again: now that the length is known, it is checked.
        Stream::new(source, tile_buffer, 0, header.plan_bytes)?.read(resident)?;
        Ok(Self::validate(resident)?)
    }

    /// The plan's lengths and input quantisation.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The operators in order of execution.
    pub fn operators(&self) -> impl Iterator<Item = Result<Operator, OperatorFault>> + 'a {
        self.records.iter().map(|bytes| Record(bytes).parse())
    }

    /// Where the caller puts the input before a run.
    ///
    /// # Errors
    /// `Arena` where the arena is shorter than the plan needs.
    pub fn input_mut<'b>(&self, arena: &'b mut [u8]) -> Result<&'b mut [u8], RunError> {
        let (offset, length) = (self.header.input_offset, self.header.input_bytes);
        self.area(offset, length)?.of_mut(self.arena(arena)?)
    }

    /// The output after a run.
    ///
    /// # Errors
    /// `Arena` where the arena is shorter than the plan needs.
    pub fn output<'b>(&self, arena: &'b [u8]) -> Result<&'b [u8], RunError> {
        let (offset, length) = (self.header.output_offset, self.header.output_bytes);
        self.area(offset, length)?
            .of(arena)
            .map_err(|_| self.short_arena())
    }

    /// Runs the plan once, over the input that lies in the arena.
    ///
    /// `tile_buffer` is as long as a tile (a multiple of 64); tiles are read in
    /// order, starting with the one in which the resident part ends. A row
    /// buffer longer than `row_bytes` saves time. The arena need not be cleared.
    ///
    /// # Errors
    /// A buffer is too short, or the source refused a tile.
    pub fn run<O: Observer + ?Sized>(
        &self,
        source: &mut dyn TileSource,
        tile_buffer: &mut [u8],
        row_buffer: &mut [u8],
        arena: &mut [u8],
        observer: &mut O,
    ) -> Result<(), RunError> {
        let header = &self.header;
        if row_buffer.len() < header.row_bytes as usize {
            return Err(RunError::RowBuffer(header.row_bytes));
        }
        let arena = self.arena(arena)?;
        let (position, length) = (header.resident_bytes, header.plan_bytes);
        let mut stream = Stream::new(source, tile_buffer, position, length)?;
        for (index, bytes) in self.records.iter().enumerate() {
            let operator = Record(bytes).parse().map_err(|_| RunError::Inconsistent)?;
            let (_, output) = operators::check(&operator, header.arena_bytes)
                .map_err(|_| RunError::Inconsistent)?;
            operators::run(&operator, &mut stream, row_buffer, arena)?;
            observer.operator(index, output.of(arena)?);
        }
        Ok(())
    }

    fn area(&self, offset: u32, length: u32) -> Result<Area, RunError> {
        Area::new(offset, length, self.header.arena_bytes).map_err(|_| RunError::Inconsistent)
    }

    fn arena<'b>(&self, arena: &'b mut [u8]) -> Result<&'b mut [u8], RunError> {
        let needed = self.header.arena_bytes as usize;
        arena.get_mut(..needed).ok_or(self.short_arena())
    }

    fn short_arena(&self) -> RunError {
        RunError::Arena(self.header.arena_bytes)
    }
}
