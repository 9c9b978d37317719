//! What several tests share: compiled models, and kernels that follow the definitions.
#![allow(dead_code)] // Each test uses a part.

pub mod kernels;

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
    assert_eq!(output, run(&plan.bytes, input, 0, &mut ()).unwrap());
    output
}
