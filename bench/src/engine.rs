//! The engine alone: instructions of every operator on both boards, each output
//! compared with the reference kernels' bits.

use crate::engine_board::{Board, Inference, Job, BOARDS};
use crate::engine_models::{models, Model};
use crate::{engine_chart, engine_peers, engine_table};
use serde_json::{json, Value};
use std::collections::BTreeMap;

/// A model's figures on a board.
pub struct Measurement {
    /// The board.
    pub board: &'static Board,
    /// What was run.
    pub model: Model,
    /// Instructions of each operator, in order.
    pub instructions: Vec<u32>,
}

impl Measurement {
    /// Instructions that the peer takes, where that is known.
    pub fn peer(&self) -> Option<u64> {
        let peer = engine_peers::of(&self.model.name)?;
        Some(match self.board.processor {
            "Cortex-M4" => peer.cmsis_nn,
            _ => peer.riscv_reference,
        })
    }

    /// Instructions of one inference.
    pub fn total(&self) -> u64 {
        self.instructions.iter().map(|one| u64::from(*one)).sum()
    }
}

/// Measures every reference model on every board, prints what came of it, and draws
/// a chart into the file `chart`, if there is one.
///
/// # Errors
/// A board did not run, or an operator's output was wrong.
pub fn run(as_json: bool, chart: Option<&str>) -> Result<(), String> {
    let Some(models) = models()? else {
        return Ok(());
    };
    let mut measurements = Vec::new();
    let mut code = Vec::new();
    for board in &BOARDS {
        code.push((board, board.engine_bytes()?));
        for model in &models {
            measurements.push(measure(board, model)?);
        }
    }
    if let Some(chart) = chart {
        std::fs::write(chart, engine_chart::svg(&measurements))
            .map_err(|error| format!("{chart}: {error}"))?;
    }
    if as_json {
        let all: Vec<Value> = measurements.iter().map(value).collect();
        let code = code.iter().map(|(board, bytes)| (board.name, bytes));
        let code: BTreeMap<_, _> = code.collect();
        println!("{:#}", json!({ "engine": all, "code_bytes": code }));
    } else {
        engine_table::print(&measurements);
        engine_table::print_code(&code);
    }
    Ok(())
}

/// Runs all of a model's cases; the first one's counts are kept.
fn measure(board: &'static Board, model: &Model) -> Result<Measurement, String> {
    let jobs = model.cases.iter().map(|case| Job {
        plan: &model.plan.bytes,
        input: &case.input,
        tile_bytes: 0,
        row_bytes: 0,
    });
    let inferences = board.run(&model.name, jobs)?;
    for (number, (inference, case)) in inferences.iter().zip(&model.cases).enumerate() {
        let place = format!("{}: {} case {number}", board.name, model.name);
        compare(inference, &case.digests).map_err(|problem| format!("{place}, {problem}"))?;
    }
    let first = inferences.first().ok_or("no case")?;
    Ok(Measurement {
        board,
        model: model.clone(),
        instructions: first.operators.iter().map(|one| one.instructions).collect(),
    })
}

fn compare(inference: &Inference, digests: &[String]) -> Result<(), String> {
    if inference.status != 0 {
        return Err(format!("the board answered status {}", inference.status));
    }
    if inference.operators.len() != digests.len() {
        let (found, expected) = (inference.operators.len(), digests.len());
        return Err(format!("{found} operators instead of {expected}"));
    }
    for (index, (operator, expected)) in inference.operators.iter().zip(digests).enumerate() {
        if operator.digest != *expected {
            return Err(format!("operator {index}: wrong output"));
        }
    }
    Ok(())
}

fn value(measurement: &Measurement) -> Value {
    let model = &measurement.model;
    let operators = model.plan.report.operators.iter();
    let operators = operators.zip(&measurement.instructions);
    let operators: Vec<Value> = operators
        .map(|(operator, instructions)| {
            json!({
                "operator": operator.name,
                "output": operator.output,
                "multiply_accumulates": operator.multiply_accumulates,
                "instructions": instructions,
            })
        })
        .collect();
    json!({
        "board": measurement.board.name,
        "model": model.name,
        "instructions": measurement.total(),
        "resolution": measurement.board.resolution,
        "multiply_accumulates": model.plan.report.multiply_accumulates(),
        "arena_bytes": model.plan.header.arena_bytes,
        "row_bytes": model.plan.header.row_bytes,
        "operators": operators,
    })
}
