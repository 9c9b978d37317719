//! A validated plan, and how it runs.

use crate::arena::Area;
use crate::error::{OperatorFault, PlanError, RunError};
use crate::format::{Header, Operator, Record, HEADER_BYTES, RECORD_BYTES};
use crate::operators;
use crate::stream::{Stream, TileSource};
use crate::weights::Weights;

/// Sees every operator's output. `()` sees nothing and costs nothing.
pub trait Observer {
    /// Operator `index` has written `output` (two's complement; of int16, the lower
    /// byte first).
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
    #[inline(never)] // `LoadedPlan::load` calls it, too.
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
        let (position, length) = (header.resident_bytes, header.plan_bytes);
        let stream = Stream::new(source, tile_buffer, position, length)?;
        self.run_stream(stream, row_buffer, arena, observer)
    }

    /// Runs the plan once, with `stream` at its first weight.
    pub(crate) fn run_stream<'b, O: Observer + ?Sized>(
        &self,
        stream: Stream<'b>,
        rows: &'b mut [u8],
        arena: &mut [u8],
        observer: &mut O,
    ) -> Result<(), RunError> {
        if rows.len() < self.header.row_bytes as usize {
            return Err(RunError::RowBuffer(self.header.row_bytes));
        }
        self.execute(Weights::Tiles { stream, rows }, arena, observer)
    }

    /// Runs the plan once, as [`run`](Self::run) does, with its weights where they
    /// lie: `plan` is the whole plan. Neither tiles nor row buffer are needed, and
    /// nothing is copied.
    ///
    /// # Errors
    /// The arena is too short, or `plan` is shorter than its header says.
    pub fn run_in_memory<O: Observer + ?Sized>(
        &self,
        plan: &[u8],
        arena: &mut [u8],
        observer: &mut O,
    ) -> Result<(), RunError> {
        let header = &self.header;
        let range = header.resident_bytes as usize..header.plan_bytes as usize;
        let weights = plan.get(range).ok_or(PlanError::Truncated)?;
        self.execute(Weights::Memory(weights), arena, observer)
    }

    fn execute<O: Observer + ?Sized>(
        &self,
        mut weights: Weights,
        arena: &mut [u8],
        observer: &mut O,
    ) -> Result<(), RunError> {
        let arena = self.arena(arena)?;
        for (index, bytes) in self.records.iter().enumerate() {
            let operator = Record(bytes).parse().map_err(|_| RunError::Inconsistent)?;
            let (_, output) = operators::check(&operator, self.header.arena_bytes)
                .map_err(|_| RunError::Inconsistent)?;
            operators::run(&operator, &mut weights, arena)?;
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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::format::{Body, Common, Element, FullyConnected, Softmax};
    use crate::stream::MemorySource;
    use crate::InputQuantization;

    pub(crate) const RESIDENT: usize = HEADER_BYTES + RECORD_BYTES;
    const BYTES: usize = RESIDENT + 36 + 16;

    pub(crate) fn operator() -> Operator {
        Operator {
            common: Common {
                input_zero_point: 0,
                output_zero_point: 1,
                minimum: -128,
                maximum: 20,
                input_offset: 0,
                output_offset: 4,
            },
            body: Body::FullyConnected(FullyConnected {
                inputs: 3,
                outputs: 2,
            }),
        }
    }

    /// Two outputs: x₀ + 2x₁ + 3x₂ + 5 and −x₀, plus the zero point.
    pub(crate) fn plan(operator: &Operator) -> [u8; BYTES] {
        let header = Header {
            operators: 1,
            plan_bytes: BYTES as u32,
            resident_bytes: RESIDENT as u32,
            arena_bytes: 8,
            row_bytes: 0,
            input_offset: 0,
            input_bytes: 3,
            output_offset: 4,
            output_bytes: 2,
            input: InputQuantization::IDENTITY,
            input_element: Element::Int8,
            output_element: Element::Int8,
        };
        let mut bytes = [0; BYTES];
        header.emit(bytes.first_chunk_mut().unwrap());
        let (_, rest) = bytes.split_at_mut(HEADER_BYTES);
        operator.emit(rest.first_chunk_mut().unwrap());
        let weights = &mut rest[RECORD_BYTES..];
        weights[0] = 5;
        for lane in 0..2 {
            weights[16 + 4 * lane + 3] = 0x40; // 2³⁰
            weights[32 + lane] = 1; // × 2
        }
        weights[36..39].copy_from_slice(&[1, 2, 3]);
        weights[40] = 0xff;
        bytes
    }

    fn run(bytes: &[u8], tile: &mut [u8], arena: &mut [u8]) -> Result<(), RunError> {
        let plan = Plan::validate(bytes)?;
        plan.input_mut(arena)?.copy_from_slice(&[3, 2, 0xfe]);
        plan.run(&mut MemorySource(bytes), tile, &mut [], arena, &mut ())
    }

    #[test]
    fn runs_a_matrix() {
        let bytes = plan(&operator());
        let mut arena = [0; 8];
        for tile_length in [64, 128, 256] {
            run(&bytes, &mut [0; 256][..tile_length], &mut arena).unwrap();
            let output = Plan::validate(&bytes).unwrap().output(&arena);
            // 3 + 4 − 6 + 5 + 1 and −3 + 1.
            assert_eq!(output, Ok(&[7, 0xfe][..]));
        }
    }

    #[test]
    fn short_buffers_are_refused() {
        let bytes = plan(&operator());
        let plan = Plan::validate(&bytes).unwrap();
        let (mut tile, mut arena) = ([0; 64], [0; 8]);
        let mut source = MemorySource(&bytes);
        let short = plan.run(&mut source, &mut tile, &mut [], &mut arena[..7], &mut ());
        assert_eq!(short, Err(RunError::Arena(8)));
        assert_eq!(plan.input_mut(&mut arena[..7]), Err(RunError::Arena(8)));
        assert_eq!(plan.output(&arena[..5]), Err(RunError::Arena(8)));
        let odd = plan.run(&mut source, &mut tile[..63], &mut [], &mut arena, &mut ());
        assert_eq!(odd, Err(RunError::TileBuffer));
    }

    #[test]
    fn a_refused_tile_stops_the_run() {
        let bytes = plan(&operator());
        let plan = Plan::validate(&bytes).unwrap();
        let mut source = MemorySource(&bytes[..128]);
        let result = plan.run(&mut source, &mut [0; 64], &mut [], &mut [0; 8], &mut ());
        assert_eq!(result, Err(RunError::Tile(2)));
    }

    #[test]
    fn unfit_operators_are_refused() {
        let refusal = |change: &dyn Fn(&mut Operator)| {
            let mut operator = operator();
            change(&mut operator);
            Plan::validate(&plan(&operator)).err()
        };
        let fault = |fault| Some(PlanError::Operator { index: 0, fault });
        let matrix = |inputs, outputs| Body::FullyConnected(FullyConnected { inputs, outputs });
        assert_eq!(refusal(&|_| ()), None);
        assert_eq!(
            refusal(&|operator| operator.common.minimum = 21),
            fault(OperatorFault::Activation)
        );
        assert_eq!(
            refusal(&|operator| operator.common.output_offset = 2),
            fault(OperatorFault::Overlap)
        );
        assert_eq!(
            refusal(&|operator| operator.common.output_offset = u32::MAX),
            fault(OperatorFault::OutsideArena)
        );
        assert_eq!(
            refusal(&|operator| operator.body = matrix(0, 2)),
            fault(OperatorFault::Shape)
        );
        assert_eq!(
            refusal(&|operator| operator.body = matrix(u32::MAX, u32::MAX)),
            fault(OperatorFault::Shape)
        );
        assert_eq!(
            refusal(&|operator| operator.body = matrix(3, 5)),
            fault(OperatorFault::OutsideArena)
        );
        assert_eq!(
            refusal(&|operator| operator.body = matrix(3, 1)),
            None,
            "one output takes as many weights as two"
        );
        assert_eq!(
            refusal(&|operator| {
                operator.body = Body::Softmax(Softmax {
                    rows: 1,
                    row_length: 2,
                    multiplier: 1 << 30,
                    left_shift: 20,
                    least_difference: -100,
                })
            }),
            Some(PlanError::WeightLength)
        );
    }
}
