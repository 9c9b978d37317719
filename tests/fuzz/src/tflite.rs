//! The compiler's mutants: `.tflite` files.

use anchorhold_engine::Plan;
use anchorhold_plan_compiler::{compile, CompileError, Options};
use tflite_writer::Random;

use crate::campaign::Target;
use crate::guarded;
use crate::mutation::{change_bytes, change_length, change_number, splice};
use crate::tflite_fields::{fields, Field, FieldKind, Fields};

/// Mutates models, compiles them, and runs the plans of those that compile.
pub struct Models {
    models: Vec<(Vec<u8>, Fields)>,
    /// For each drawing of a model, which one: small models more often, since large
    /// ones take longer.
    choice: Vec<usize>,
}

/// Models of this length and below are drawn equally often.
const SMALL: usize = 4096;

impl Models {
    /// The target that starts from `models`, which are not none.
    pub fn new(models: Vec<Vec<u8>>) -> Self {
        let mut choice = Vec::new();
        for (index, model) in models.iter().enumerate() {
            let weight = 100 * SMALL / model.len().max(SMALL);
            choice.extend(std::iter::repeat_n(index, weight.max(1)));
        }
        let with_fields = |model: Vec<u8>| {
            let fields = fields(&model);
            (model, fields)
        };
        let models = models.into_iter().map(with_fields).collect();
        Self { models, choice }
    }

    fn any(&self, random: &mut Random) -> &(Vec<u8>, Fields) {
        &self.models[random.of(&self.choice)]
    }
}

impl Target for Models {
    fn name(&self) -> &'static str {
        "tflite"
    }

    fn stages(&self) -> &'static [&'static str] {
        &[
            "refused: not a model",
            "refused: corrupt",
            "refused: graph",
            "refused: an operator",
            "refused: too large",
            "compiled, too large to run",
            "compiled and ran",
        ]
    }

    fn mutant(&self, random: &mut Random) -> Vec<u8> {
        let (model, fields) = self.any(random);
        let mut bytes = model.clone();
        for _ in 0..1 + random.below(3) {
            match random.below(16) {
                0 => change_bytes(random, &mut bytes),
                1 => {
                    let other = &self.any(random).0;
                    splice(random, &mut bytes, other);
                }
                2 => exchange(random, &mut bytes, &fields.operators),
                3 => exchange(random, &mut bytes, &fields.tensors),
                _ => change_field(random, &mut bytes, &fields.fields),
            }
        }
        if random.once_in(32) {
            change_length(random, &mut bytes);
        }
        bytes
    }

    fn execute(&self, mutant: &[u8], random: &mut Random) -> usize {
        // One count is a thousandth, or nothing said.
        let raw_scale = random.once_in(8).then_some(0.001);
        match compile(mutant, &Options { raw_scale }) {
            Err(CompileError::Empty | CompileError::NotTflite) => 0,
            Err(CompileError::Corrupt { .. }) => 1,
            Err(CompileError::Graph(_) | CompileError::RawScale(_)) => 2,
            Err(CompileError::Operator { .. }) => 3,
            Err(_) => 4,
            Ok(compiled) => {
                let plan = Plan::validate(&compiled.bytes).expect("the compiler validated it");
                5 + usize::from(guarded::run(&plan, &compiled.bytes, random))
            }
        }
    }
}

/// Changes a number that means something; rarely one that holds the file together.
fn change_field(random: &mut Random, bytes: &mut [u8], fields: &[Field]) {
    let structure = random.once_in(8);
    // Most fields are one or the other: a few drawings find one.
    for _ in 0..16 {
        let field = random.of(fields);
        if (field.kind == FieldKind::Structure) != structure {
            continue;
        }
        let other = random.of(fields);
        if random.once_in(4) && other.kind == field.kind && other.width == field.width {
            // Another number of its kind: a shape's size, a tensor's index, a scale.
            let (Some(_), Some(_)) = (
                bytes.get(field.at + field.width),
                bytes.get(other.at + other.width),
            ) else {
                return;
            };
            bytes.copy_within(other.at..other.at + other.width, field.at);
            return;
        }
        return match field.kind {
            FieldKind::Real if random.once_in(2) => change_real(random, bytes, field.at),
            _ => change_number(random, bytes, field.at, field.width.min(4)),
        };
    }
}

/// Replaces a 32-bit real.
fn change_real(random: &mut Random, bytes: &mut [u8], at: usize) {
    let real = random.of(&[
        0.0,
        -1.0,
        1.0,
        f32::MIN_POSITIVE,
        1e-45,
        1e-9,
        1e-4,
        0.3,
        1e6,
        f32::MAX,
        f32::INFINITY,
        f32::NAN,
    ]);
    if let Some(field) = bytes.get_mut(at..at + 4) {
        field.copy_from_slice(&real.to_le_bytes());
    }
}

/// Exchanges two tables of a vector, by the offsets that lead to them.
fn exchange(random: &mut Random, bytes: &mut [u8], slots: &[usize]) {
    if slots.is_empty() {
        return;
    }
    let (one, two) = (random.of(slots), random.of(slots));
    let target = |at: usize| {
        let offset = bytes.get(at..)?.first_chunk()?;
        Some(u32::from_le_bytes(*offset).wrapping_add(at as u32))
    };
    let (Some(first), Some(second)) = (target(one), target(two)) else {
        return;
    };
    for (at, target) in [(one, second), (two, first)] {
        let offset = target.wrapping_sub(at as u32);
        bytes[at..at + 4].copy_from_slice(&offset.to_le_bytes());
    }
}
