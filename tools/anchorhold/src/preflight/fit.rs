//! What a model needs of a board, beside what there is.

use anchorhold_audio_frontend::FRAME_SAMPLES;
use anchorhold_engine::format::RECORD_BYTES;
use anchorhold_engine::HEADER_BYTES;
use anchorhold_plan_compiler::{CompiledPlan, Peak};
use anchorhold_policy::{capacity, InputContract, SensorKind};
use model_tbf::header::{TILE_LENGTHS, TILE_MULTIPLE};
use model_tbf::labels::MAX_LABELS;
use serde::Serialize;

use crate::board::Family;

/// One thing that a model needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Need {
    /// What it is.
    pub what: &'static str,
    /// How many bytes the model takes of it.
    pub bytes: usize,
    /// How many bytes there are.
    pub room: usize,
    /// What to do where they do not suffice.
    #[serde(skip)]
    pub fix: String,
}

impl Need {
    /// Whether it is met.
    pub fn is_met(&self) -> bool {
        self.bytes <= self.room
    }

    /// What is wrong, in words, if it is not met.
    pub fn problem(&self) -> Option<String> {
        let Self {
            what,
            bytes,
            room,
            fix,
        } = self;
        (!self.is_met()).then(|| format!("{what}: {bytes} bytes, the limit is {room}; {fix}"))
    }
}

/// What `plan` needs of the inference process, with tiles of `tile_bytes`: the same on
/// every board.
pub fn needs(plan: &CompiledPlan, input: &InputContract, tile_bytes: u32) -> Vec<Need> {
    let header = &plan.header;
    let arena = header.arena_bytes as usize;
    let row = (header.row_bytes as usize).max(raw_window(input));
    // An arena that is too large is a problem of its own.
    let beside_arena = capacity::WORKSPACE_BYTES - arena.min(capacity::ARENA_BYTES);
    vec![
        Need {
            what: "resident part of the plan",
            bytes: header.resident_bytes as usize,
            room: capacity::RESIDENT_BYTES,
            fix: format!(
                "the plan has {} operators, let it have at most {}",
                header.operators,
                (capacity::RESIDENT_BYTES - HEADER_BYTES) / RECORD_BYTES
            ),
        },
        Need {
            what: "arena",
            bytes: arena,
            room: capacity::ARENA_BYTES,
            fix: smaller_tensors(&plan.report.peak),
        },
        Need {
            what: "tile and row buffer",
            bytes: tile_bytes as usize + row,
            room: beside_arena,
            fix: shorter_tiles(row, beside_arena),
        },
        Need {
            what: "output tensor",
            bytes: header.output_bytes as usize,
            room: capacity::OUTPUT_BYTES,
            fix: format!("let the model have at most {MAX_LABELS} outputs, one a label"),
        },
    ]
}

/// What a TBF of `tbf_bytes`, with tiles of `tile_bytes`, needs of the boards of `family`.
pub fn slot(tbf_bytes: usize, tile_bytes: u32, family: &Family) -> Need {
    let fix = match tile_bytes < *TILE_LENGTHS.end() {
        // Each tile has a tag.
        true => "use longer tiles (tile-bytes), or make the model smaller",
        false => "make the model smaller",
    };
    Need {
        what: "slot in flash",
        bytes: tbf_bytes,
        room: family.model_slot_length as usize,
        fix: fix.to_owned(),
    }
}

/// How to make the arena smaller, of which `peak` needs most.
fn smaller_tensors(peak: &Peak) -> String {
    let tensors = peak.tensors.iter();
    let tensors = tensors.map(|(name, bytes)| format!("\"{name}\" {bytes}"));
    format!(
        "most at operator {} ({}): {}; make these tensors smaller",
        peak.operator,
        peak.name,
        tensors.collect::<Vec<_>>().join(", ")
    )
}

/// How to make a tile and a row buffer of `row` bytes fit into `room`.
fn shorter_tiles(row: usize, room: usize) -> String {
    let multiple = TILE_MULTIPLE as usize;
    let longest = room.saturating_sub(row) / multiple * multiple;
    if longest < *TILE_LENGTHS.start() as usize {
        return "make the window and the largest layers smaller".to_owned();
    }
    let longest = longest.min(*TILE_LENGTHS.end() as usize);
    format!("use tiles of at most {longest} bytes (tile-bytes)")
}

/// What of a window is kept beside the model's input: nothing of tensors, which are the
/// input; a frame of sound.
fn raw_window(input: &InputContract) -> usize {
    match input.sensor {
        SensorKind::Tensor | SensorKind::Int16Tensor => 0,
        SensorKind::Accelerometer => input.window_bytes(),
        SensorKind::Microphone => FRAME_SAMPLES * size_of::<i16>(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::EARL_GREY;
    use anchorhold_engine::format::Element;
    use anchorhold_engine::{Header, InputQuantization};
    use anchorhold_plan_compiler::{Report, TensorReport};
    use anchorhold_policy::InputChecks;

    fn plan() -> CompiledPlan {
        let tensor = TensorReport {
            name: String::new(),
            shape: Vec::new(),
            element: Element::Int8,
            scale: 1.0,
            zero_point: 0,
        };
        CompiledPlan {
            bytes: Vec::new(),
            header: Header {
                operators: 3,
                plan_bytes: 10_000,
                resident_bytes: 196,
                arena_bytes: 50_000,
                row_bytes: 300,
                input_offset: 0,
                input_bytes: 384,
                output_offset: 0,
                output_bytes: 4,
                input: InputQuantization::IDENTITY,
                input_element: Element::Int8,
                output_element: Element::Int8,
            },
            report: Report {
                input: tensor.clone(),
                output: tensor,
                operators: Vec::new(),
                arena_bytes: 50_000,
                plan_bytes: 10_000,
                resident_bytes: 196,
                row_bytes: 300,
                peak: Peak {
                    operator: 1,
                    name: "ADD".to_owned(),
                    tensors: vec![("sum".to_owned(), 40_000), ("first".to_owned(), 10_000)],
                },
            },
        }
    }

    fn contract(sensor: SensorKind) -> InputContract {
        InputContract {
            sensor,
            samples: 128,
            channels: 3,
            sample_period_us: 2500,
            checks: InputChecks {
                minimum: -1,
                maximum: 1,
                zeros_permille: 0,
                flat_run: 0,
                saturated_permille: 0,
                maximum_age_ms: 0,
            },
        }
    }

    fn problems(plan: &CompiledPlan, tile_bytes: u32) -> Vec<String> {
        let input = contract(SensorKind::Accelerometer);
        let needs = needs(plan, &input, tile_bytes);
        needs.iter().filter_map(Need::problem).collect()
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert!(problems(&plan(), 1024).is_empty());
        let mut large = plan();
        large.header.operators = 42;
        large.header.resident_bytes = capacity::RESIDENT_BYTES as u32 + 48;
        large.header.arena_bytes = capacity::ARENA_BYTES as u32 + 16;
        large.header.output_bytes = 65;
        assert_eq!(
            problems(&large, 4096),
            [
                "resident part of the plan: 2096 bytes, the limit is 2048; the plan has 42 \
                 operators, let it have at most 41",
                "arena: 56336 bytes, the limit is 56320; most at operator 1 (ADD): \"sum\" 40000, \
                 \"first\" 10000; make these tensors smaller",
                "output tensor: 65 bytes, the limit is 64; let the model have at most 16 outputs, \
                 one a label",
            ]
        );
    }

    #[test]
    fn tiles_get_what_arena_and_row_leave() {
        let beside_arena = (capacity::WORKSPACE_BYTES - 50_000) as u32;
        let mut wide = plan();
        wide.header.row_bytes = beside_arena - 4096;
        assert!(problems(&wide, 4096).is_empty());
        wide.header.row_bytes += 1;
        assert_eq!(
            problems(&wide, 4096),
            [
                "tile and row buffer: 13489 bytes, the limit is 13488; use tiles of at most 4032 \
              bytes (tile-bytes)"
            ]
        );
        wide.header.row_bytes = beside_arena - 255;
        assert_eq!(
            problems(&wide, 256),
            [
                "tile and row buffer: 13489 bytes, the limit is 13488; make the window and the \
              largest layers smaller"
            ]
        );
    }

    #[test]
    fn a_package_must_fit_its_slot() {
        let room = EARL_GREY.model_slot_length as usize;
        assert!(slot(room, 1024, &EARL_GREY).is_met());
        for (tile_bytes, fix) in [
            (
                1024,
                "use longer tiles (tile-bytes), or make the model smaller",
            ),
            (4096, "make the model smaller"),
        ] {
            assert_eq!(
                slot(room + 1, tile_bytes, &EARL_GREY).problem(),
                Some(format!(
                    "slot in flash: 241665 bytes, the limit is 241664; {fix}"
                ))
            );
        }
    }

    #[test]
    fn samples_count_where_they_are_kept_beside_the_input() {
        assert_eq!(raw_window(&contract(SensorKind::Accelerometer)), 768);
        assert_eq!(raw_window(&contract(SensorKind::Tensor)), 0);
        assert_eq!(raw_window(&contract(SensorKind::Microphone)), 960);
    }
}
