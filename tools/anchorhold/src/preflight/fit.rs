//! What a model needs of a board, beside what there is.

use anchorhold_audio_frontend::FRAME_SAMPLES;
use anchorhold_engine::Header;
use anchorhold_policy::{capacity, InputContract, SensorKind};
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
    pub fix: &'static str,
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

/// What the plan with this header needs with tiles of `tile_bytes`, and in flash as a
/// TBF of `tbf_bytes`.
pub fn needs(
    header: &Header,
    input: &InputContract,
    tile_bytes: u32,
    tbf_bytes: usize,
    family: &Family,
) -> Vec<Need> {
    let row = (header.row_bytes as usize).max(raw_window(input));
    vec![
        Need {
            what: "resident part of the plan",
            bytes: header.resident_bytes as usize,
            room: capacity::RESIDENT_BYTES,
            fix: "use fewer operators",
        },
        Need {
            what: "arena",
            bytes: header.arena_bytes as usize,
            room: capacity::ARENA_BYTES,
            fix: "make the largest layers smaller",
        },
        Need {
            what: "arena, tile and row buffer",
            bytes: header.arena_bytes as usize + tile_bytes as usize + row,
            room: capacity::WORKSPACE_BYTES,
            fix: "use shorter tiles (tile-bytes), or make layers smaller",
        },
        Need {
            what: "output tensor",
            bytes: header.output_bytes as usize,
            room: capacity::OUTPUT_BYTES,
            fix: "let the model have fewer outputs",
        },
        Need {
            what: "slot in flash",
            bytes: tbf_bytes,
            room: family.model_slot_length as usize,
            fix: "make the model smaller",
        },
    ]
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
    use anchorhold_engine::InputQuantization;
    use anchorhold_policy::InputChecks;

    fn header() -> Header {
        Header {
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

    fn unmet(header: &Header, tile_bytes: u32, tbf_bytes: usize) -> Vec<&'static str> {
        let input = contract(SensorKind::Accelerometer);
        let needs = needs(header, &input, tile_bytes, tbf_bytes, &EARL_GREY);
        let unmet = needs.iter().filter(|need| need.problem().is_some());
        unmet.map(|need| need.what).collect()
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let least = header();
        assert!(unmet(&least, 1024, 20_000).is_empty());
        let slot = EARL_GREY.model_slot_length as usize;
        assert!(unmet(&least, 1024, slot).is_empty());
        assert_eq!(unmet(&least, 1024, slot + 1), ["slot in flash"]);

        let mut large = header();
        large.resident_bytes = 2049;
        large.output_bytes = 65;
        large.row_bytes = capacity::WORKSPACE_BYTES as u32 - 50_000 - 4096;
        let both = ["resident part of the plan", "output tensor"];
        assert_eq!(unmet(&large, 4096, 20_000), both);
        large.row_bytes += 1;
        assert_eq!(unmet(&large, 4096, 20_000).len(), 3);
    }

    #[test]
    fn samples_count_where_they_are_kept_beside_the_input() {
        assert_eq!(raw_window(&contract(SensorKind::Accelerometer)), 768);
        assert_eq!(raw_window(&contract(SensorKind::Tensor)), 0);
        assert_eq!(raw_window(&contract(SensorKind::Microphone)), 960);
    }
}
