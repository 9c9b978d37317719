//! Buffers between guard bands, and a plan that runs in them.

use anchorhold_engine::format::int16::{Int16, Operation};
use anchorhold_engine::format::{Body, Window};
use anchorhold_engine::{LoadedPlan, MemorySource, Plan, PlanError, RunError};
use tflite_writer::Random;

/// Bytes of a guard band.
const BAND: usize = 64;
/// Longest arena or row buffer that is worth running.
const LONGEST: u32 = 1 << 20;
/// Products and moves that every accepted plan may cost; dearer ones run now and then,
/// so that they cost as much on average.
const WORK: u64 = 30_000;
/// Products and moves that no plan may cost: they would take seconds.
const MOST_WORK: u64 = 20_000_000;

/// A buffer with a band before and after it.
struct Guarded {
    bytes: Vec<u8>,
    length: usize,
}

/// What a band's byte holds.
fn band(index: usize) -> u8 {
    (index as u8).wrapping_mul(167) ^ 0x5a
}

impl Guarded {
    fn new(length: usize) -> Self {
        let bytes = (0..length + 2 * BAND).map(band).collect();
        Self { bytes, length }
    }

    fn buffer(&mut self) -> &mut [u8] {
        &mut self.bytes[BAND..BAND + self.length]
    }

    /// # Panics
    /// Something wrote to a band.
    fn check(&self, what: &str) {
        let (before, rest) = self.bytes.split_at(BAND);
        let after = &rest[self.length..];
        let whole = before
            .iter()
            .enumerate()
            .all(|(at, byte)| *byte == band(at))
            && after
                .iter()
                .enumerate()
                .all(|(at, byte)| *byte == band(BAND + self.length + at));
        assert!(whole, "the plan wrote outside its {what}");
    }
}

/// Reads the resident part from the plan's first tiles into a buffer between guard
/// bands.
///
/// # Panics
/// The engine wrote to a band, or did not accept from tiles what it accepts at once.
pub fn load(plan: &Plan, bytes: &[u8], random: &mut Random) {
    let header = plan.header();
    let mut resident = Guarded::new(header.resident_bytes as usize);
    let mut tile = Guarded::new(64 * (1 + random.below(16)));
    let mut source = MemorySource(bytes);
    let loaded = LoadedPlan::load(&mut source, tile.buffer(), resident.buffer());
    let same = loaded.is_ok_and(|loaded| loaded.plan().header() == header);
    assert!(same || bytes.len() != header.plan_bytes as usize);
    resident.check("resident part");
    tile.check("tile buffer");
    for raw in [i16::MIN, -1, 0, 1, i16::MAX] {
        header.input.quantize(raw);
        header.input.quantize_to_int16(raw);
    }
}

/// Runs an accepted plan on buffers between guard bands, of the lengths that it asks
/// for or longer ones; says whether it was cheap enough to run.
///
/// # Panics
/// The plan wrote to a band or beyond the arena that it asks for, or the engine
/// stopped with an error that cannot follow a validation.
pub fn run(plan: &Plan, bytes: &[u8], random: &mut Random) -> bool {
    let header = plan.header();
    let work = work(plan);
    let cheap = work <= WORK || random.once_in((work / WORK) as usize + 1);
    if header.arena_bytes > LONGEST || header.row_bytes > LONGEST || work > MOST_WORK || !cheap {
        return false;
    }
    let more = random.below(4) * 16;
    let mut arena = Guarded::new(header.arena_bytes as usize + more);
    let longer = random.of(&[0, 0, 100, 4000]);
    let mut rows = Guarded::new(header.row_bytes as usize + longer);
    let mut tile = Guarded::new(64 * (1 + random.below(16)));
    let unused = arena.buffer()[header.arena_bytes as usize..].to_vec();
    let input = plan.input_mut(arena.buffer()).expect("a long enough arena");
    assert_eq!(input.len(), header.input_bytes as usize);
    input.fill(random.draw() as u8);
    let (tile_buffer, rows_buffer) = (tile.buffer(), rows.buffer());
    let source = &mut MemorySource(bytes);
    let result = match random.below(3) {
        0 => plan.run_in_memory(bytes, arena.buffer(), &mut ()),
        1 => plan.run(source, tile_buffer, rows_buffer, arena.buffer(), &mut ()),
        _ => {
            let mut resident = vec![0; header.resident_bytes as usize];
            LoadedPlan::load(source, tile_buffer, &mut resident).and_then(|loaded| {
                let ran = loaded.run(source, tile_buffer, rows_buffer, arena.buffer(), &mut ());
                ran.map(|_| ())
            })
        }
    };
    // The source has what the caller has, which may be less than the plan says.
    let refused = matches!(
        result,
        Err(RunError::Plan(PlanError::Truncated) | RunError::Tile(_) | RunError::TileLength(_))
    );
    let whole = bytes.len() == header.plan_bytes as usize;
    assert!(result == Ok(()) || refused && !whole, "{result:?}");
    let output = plan.output(arena.buffer()).expect("a long enough arena");
    assert_eq!(output.len(), header.output_bytes as usize);
    assert_eq!(arena.buffer()[header.arena_bytes as usize..], unused);
    arena.check("arena");
    rows.check("row buffer");
    tile.check("tile buffer");
    true
}

/// Products and moves of a run, or more.
pub fn work(plan: &Plan) -> u64 {
    let cost = |body: &Body| -> Option<u64> {
        let lengths = body.lengths().ok()?;
        let pool = |window: &Window| {
            let area = |[down, across]: [u16; 2]| u64::from(down) * u64::from(across);
            let [height, width, _] = window.input;
            area(window.kernel).min(area([height, width]))
        };
        let each = match body {
            Body::AveragePool2D(window) | Body::MaxPool2D(window) => pool(window),
            Body::FullyConnected(body) => body.inputs.into(),
            Body::Int16(Int16 { operation, .. }) => match operation {
                Operation::AveragePool2D(window) | Operation::MaxPool2D(window) => pool(window),
                Operation::FullyConnected(body) => body.shape.inputs.into(),
                Operation::Softmax(_) | Operation::Sigmoid(_) => 2,
                _ => u64::from(lengths.row / 4).max(1),
            },
            _ => u64::from(lengths.row / 4).max(1),
        };
        let moved = u64::from(lengths.input) + u64::from(lengths.weights);
        each.checked_mul(lengths.output.into())?.checked_add(moved)
    };
    plan.operators().fold(0, |sum, operator| {
        let cost = operator.ok().and_then(|operator| cost(&operator.body));
        sum.saturating_add(cost.unwrap_or(u64::MAX))
    })
}

#[cfg(test)]
mod tests {
    use super::Guarded;

    #[test]
    fn intact_bands_are_no_reason_to_panic() {
        let mut buffer = Guarded::new(10);
        buffer.buffer().fill(0);
        buffer.check("buffer");
    }

    #[test]
    #[should_panic = "outside its buffer"]
    fn touched_bands_are() {
        let mut buffer = Guarded::new(10);
        buffer.bytes[super::BAND + 10] ^= 1;
        buffer.check("buffer");
    }
}
