//! Damaged models and plans: refused or run, never a panic.

use anchorhold_engine::Header;
use anchorhold_plan_compiler::{compile, run, Options};
use tflite_writer::model::{classifier, mixture, Model};
use tflite_writer::Random;

const ROUNDS: u64 = 6000;
/// Plans that ask for more are not worth running here.
const MOST_ARENA: u32 = 1 << 20;
const MOST_WORK: u64 = 1 << 22;

/// Changes one to four places.
fn mutate(random: &mut Random, bytes: &mut Vec<u8>, within: usize) {
    for _ in 0..1 + random.below(4) {
        let at = random.below(within.min(bytes.len()));
        match random.below(6) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.draw() as u8,
            2 => bytes[at] = bytes[at].wrapping_add(1),
            3 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)],
            4 => {
                let word = [0, 1, u32::MAX, 1 << 31, 0x7fff_ffff][random.below(5)];
                for (byte, new) in bytes[at..].iter_mut().zip(word.to_le_bytes()) {
                    *byte = new;
                }
            }
            _ => {
                let from = random.below(within.min(bytes.len()));
                bytes[at] = bytes[from];
            }
        }
    }
    if random.below(20) == 0 {
        bytes.truncate(random.below(bytes.len()) + 1);
    }
}

/// Runs a plan if it is accepted and small; says whether it did.
fn try_plan(plan: &[u8]) -> bool {
    let Ok(header) = Header::parse(plan) else {
        return false;
    };
    if header.arena_bytes > MOST_ARENA || header.input_bytes > MOST_ARENA {
        return false;
    }
    let input = vec![1; header.input_bytes as usize];
    run(plan, &input, 64, &mut ()).is_ok()
}

fn damage_plans(model: Model) {
    let plan = compile(&model.file(), &Options::default()).unwrap();
    let resident = plan.header.resident_bytes as usize;
    let mut ran = 0;
    for seed in 0..ROUNDS {
        let mut random = Random::new(seed);
        let mut bytes = plan.bytes.clone();
        // Mostly the part that is checked; sometimes weights, which are not.
        let within = if seed % 8 == 0 { bytes.len() } else { resident };
        mutate(&mut random, &mut bytes, within);
        ran += u32::from(try_plan(&bytes));
    }
    // Both outcomes must occur for the test to mean something.
    assert!(ran > 100 && u64::from(ran) < ROUNDS - 100, "{ran}");
}

fn damage_models(model: Model) {
    let file = model.file();
    let mut compiled = 0;
    for seed in 0..ROUNDS {
        let mut random = Random::new(1 << 32 | seed);
        let mut bytes = file.clone();
        mutate(&mut random, &mut bytes, file.len());
        let Ok(plan) = compile(&bytes, &Options::default()) else {
            continue;
        };
        compiled += 1;
        if plan.report.multiply_accumulates() < MOST_WORK {
            try_plan(&plan.bytes);
        }
    }
    assert!(compiled > 100 && compiled < ROUNDS - 100, "{compiled}");
}

#[test]
fn damaged_plans() {
    damage_plans(classifier());
}

#[test]
fn damaged_plans_of_other_operators() {
    damage_plans(mixture());
}

#[test]
fn damaged_models() {
    damage_models(classifier());
}

#[test]
fn damaged_models_of_other_operators() {
    damage_models(mixture());
}
