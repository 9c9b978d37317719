//! The validator's mutants: plans.

use anchorhold_engine::format::int16::INT16_GROUP_HEADER_BYTES;
use anchorhold_engine::format::{GROUP_HEADER_BYTES, HEADER_BYTES, RECORD_BYTES};
use anchorhold_engine::{Plan, PlanError};
use tflite_writer::Random;

use crate::campaign::Target;
use crate::guarded;
use crate::mutation::{change_bytes, change_length, change_number, splice};
use crate::plan_parts::Parts;

/// Mutates plans, has the engine validate them, and runs those that it accepts.
pub struct Plans(Vec<Parts>);

impl Plans {
    /// The target that starts from `plans`, which are valid and not none.
    pub fn new(plans: &[Vec<u8>]) -> Self {
        Self(plans.iter().map(|plan| Parts::of(plan)).collect())
    }
}

impl Target for Plans {
    fn name(&self) -> &'static str {
        "plan"
    }

    fn stages(&self) -> &'static [&'static str] {
        &[
            "refused: header",
            "refused: an operator",
            "refused: lengths of all",
            "accepted, too large to run",
            "accepted and ran",
        ]
    }

    fn mutant(&self, random: &mut Random) -> Vec<u8> {
        let any = |random: &mut Random| &self.0[random.below(self.0.len())];
        let plan = any(random);
        let mut parts = if random.once_in(16) {
            plan.clone()
        } else {
            plan.excerpt(random)
        };
        if random.once_in(6) {
            let other = any(random);
            rearrange(random, &mut parts, other);
        }
        if !random.once_in(8) {
            for _ in 0..1 + random.below(3) {
                change_field(random, &mut parts);
            }
        }
        if !random.once_in(8) {
            parts.repair();
        }
        let mut bytes = parts.bytes();
        match random.below(16) {
            0 => change_bytes(random, &mut bytes),
            1 => change_length(random, &mut bytes),
            2 => {
                let other = any(random).bytes();
                splice(random, &mut bytes, &other);
            }
            _ => (),
        }
        bytes
    }

    fn execute(&self, mutant: &[u8], random: &mut Random) -> usize {
        match Plan::validate(mutant) {
            Err(
                PlanError::Truncated
                | PlanError::NotAPlan
                | PlanError::UnknownAbi(_)
                | PlanError::InvalidHeader
                | PlanError::TensorOutsideArena,
            ) => 0,
            Err(PlanError::Operator { .. }) => 1,
            Err(PlanError::WeightLength | PlanError::RowLength) => 2,
            Ok(plan) => {
                guarded::load(&plan, mutant, random);
                3 + usize::from(guarded::run(&plan, mutant, random))
            }
        }
    }
}

/// Changes a number of a record, or now and then of its weights or of the header.
fn change_field(random: &mut Random, parts: &mut Parts) {
    let width = random.of(&[1, 2, 4]);
    if random.once_in(8) {
        let at = random.below(HEADER_BYTES / width) * width;
        return change_number(random, &mut parts.header, at, width);
    }
    let chosen = random.below(parts.operators.len());
    let (record, weights) = &mut parts.operators[chosen];
    if random.once_in(5) {
        // A bias, a factor or a weight: mostly of the first group of channels.
        let headers = [GROUP_HEADER_BYTES, INT16_GROUP_HEADER_BYTES];
        let within = random.of(&[headers[0], headers[1], weights.len()]);
        let at = random.below((within / width).max(1)) * width;
        return change_number(random, weights, at, width);
    }
    let places = RECORD_BYTES / width;
    let at = random.below(places) * width;
    if random.once_in(6) {
        // Another field's value.
        let from = random.below(places) * width;
        record.copy_within(from..from + width, at);
    } else {
        change_number(random, record, at, width);
    }
}

/// Swaps, repeats, drops or borrows operators.
fn rearrange(random: &mut Random, parts: &mut Parts, other: &Parts) {
    let count = parts.operators.len();
    let (one, two) = (random.below(count), random.below(count));
    match random.below(4) {
        0 => parts.operators.swap(one, two),
        1 => parts.operators.insert(one, parts.operators[two].clone()),
        2 if count > 1 => drop(parts.operators.remove(one)),
        _ => {
            let borrowed = random.below(other.operators.len());
            parts.operators[one] = other.operators[borrowed].clone();
        }
    }
}
