//! One job: the engine between two readings of the instruction counter.

use crate::board;
use crate::buffers::Buffers;
use anchorhold_engine::{MemorySource, Observer, Plan, RunError};
use bare_bench::{Job, Records, Status};
use kernel::ErrorCode;

/// Writes a record for every operator; what that takes does not count.
struct Meter<'a> {
    records: &'a mut Records,
    /// The counter when the operator started.
    start: u32,
    /// Instructions of all operators.
    total: u32,
    result: Result<(), ErrorCode>,
}

impl Observer for Meter<'_> {
    fn operator(&mut self, _index: usize, output: &[u8]) {
        let instructions = board::since(self.start);
        self.total = self.total.wrapping_add(instructions);
        self.result = self
            .result
            .and_then(|()| self.records.operator(instructions, output));
        self.start = board::now();
    }
}

/// Runs a job in `memory`.
///
/// # Errors
/// The host did not take a record.
pub fn run(job: &Job, memory: &mut [u8], records: &mut Records) -> Result<(), ErrorCode> {
    let mut meter = Meter {
        records,
        start: 0,
        total: 0,
        result: Ok(()),
    };
    let status = infer(job, memory, &mut meter);
    let (result, total) = (meter.result, meter.total);
    result.and_then(|()| records.end(status, total))
}

fn infer(job: &Job, memory: &mut [u8], meter: &mut Meter) -> Status {
    let Ok(plan) = Plan::validate(job.plan) else {
        return Status::Plan;
    };
    let header = plan.header();
    let row_bytes = match job.tile_bytes {
        0 => 0,
        _ => job.row_bytes.max(header.row_bytes as usize),
    };
    let lengths = [header.arena_bytes as usize, row_bytes, job.tile_bytes];
    // Each of them is the last of some job.
    let last = job.plan.len() / 4 % 3;
    let Some(mut buffers) = Buffers::new(memory, lengths, job.shift, last) else {
        return Status::Memory;
    };
    let Some([arena, rows, tile]) = buffers.borrow() else {
        return Status::Memory;
    };
    match plan.input_mut(arena) {
        Ok(input) if input.len() == job.input.len() => input.copy_from_slice(job.input),
        _ => return Status::Input,
    }
    let mut source = MemorySource(job.plan);
    let reserved = board::reserved();
    meter.start = board::now();
    let result = match job.tile_bytes {
        0 => plan.run_in_memory(job.plan, arena, meter),
        _ => plan.run(&mut source, tile, rows, arena, meter),
    };
    match result {
        _ if board::reserved() != reserved => Status::Registers,
        _ if !buffers.are_bands_whole() => Status::Beside,
        Ok(()) => Status::Done,
        Err(RunError::Plan(_)) => Status::Plan,
        Err(_) => Status::Run,
    }
}
