//! What several tests share: compiled models, and kernels that follow the definitions.
#![allow(dead_code)] // Each test uses a part.

pub mod kernels;

use anchorhold_engine::{Plan, RunError};
use anchorhold_plan_compiler::{compile, run, CompiledPlan, Options};
use tflite_writer::model::Model;

/// The model's plan.
#[track_caller]
pub fn plan_of(model: Model) -> CompiledPlan {
    match compile(&model.file(), &Options::default()) {
        Ok(plan) => plan,
        Err(error) => panic!("{error}"),
    }
}

/// What the model makes of `input`, in short tiles, in long ones and in memory.
#[track_caller]
pub fn output_of(model: Model, input: &[i8]) -> Vec<i8> {
    let plan = plan_of(model);
    let output = run(&plan.bytes, input, 64, &mut ()).unwrap();
    assert_eq!(output, run(&plan.bytes, input, 4096, &mut ()).unwrap());
    assert_eq!(output, run_in_memory(&plan.bytes, input).unwrap());
    output
}

/// Runs a plan that lies in memory.
pub fn run_in_memory(bytes: &[u8], input: &[i8]) -> Result<Vec<i8>, RunError> {
    let plan = Plan::validate(bytes)?;
    let mut arena = vec![0; plan.header().arena_bytes as usize];
    for (target, value) in plan.input_mut(&mut arena)?.iter_mut().zip(input) {
        *target = *value as u8;
    }
    plan.run_in_memory(bytes, &mut arena, &mut ())?;
    let output = plan.output(&arena)?;
    Ok(output.iter().map(|byte| *byte as i8).collect())
}
