//! What inference takes without a kernel: the engine alone, with the plan in memory.

use std::fs;

use anchorhold::{Class, Error};
use bench::engine_board::BOARDS;

use crate::arguments::Arguments;
use crate::engine::chart;
use crate::engine::measurement::{measure as measure_model, Measurement};
use crate::engine::models::models;
use crate::engine::peers;
use crate::table::{Cell, Row, Table};

/// Measures all reference models on all boards.
pub fn measure(arguments: &Arguments) -> Result<Vec<Table>, Error> {
    let failed = |what| Error::new(Class::Emulator, what);
    let mut tables = Vec::new();
    let mut measurements = Vec::new();
    for model in models().map_err(failed)?.unwrap_or_default() {
        for board in &BOARDS {
            let measurement = measure_model(board, &model).map_err(failed)?;
            tables.push(operators(&measurement));
            measurements.push(measurement);
        }
    }
    if let Some(path) = &arguments.chart {
        fs::write(path, chart::svg(&measurements))
            .map_err(|error| Error::environment(path, error))?;
    }
    if !measurements.is_empty() {
        tables.push(inferences(&measurements));
    }
    Ok(tables)
}

/// Where a model's instructions go.
fn operators(measurement: &Measurement) -> Table {
    let report = &measurement.model.plan.report;
    let rows = report.operators.iter().zip(&measurement.instructions);
    let rows = rows.enumerate().map(|(index, (operator, instructions))| {
        let instructions = u64::from(*instructions);
        let products = operator.multiply_accumulates;
        Row {
            name: format!("{index} {} {:?}", operator.name, operator.output),
            values: vec![
                Cell::Count(instructions),
                Cell::Count(products),
                Cell::ratio(instructions, products),
            ],
        }
    });
    Table {
        title: format!(
            "{} on {}, in instructions",
            measurement.model.name, measurement.board.name
        ),
        columns: ["instructions", "multiply-accumulates", "each"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
        sources: Vec::new(),
    }
}

/// Whole inferences, beside the peers'.
fn inferences(measurements: &[Measurement]) -> Table {
    let columns = [
        "instructions",
        "multiply-accumulates",
        "each",
        "peer",
        "of peer's",
        "goal",
        "arena",
        "peer's arena",
    ];
    Table {
        title: "one inference, in instructions; arena in bytes".to_owned(),
        columns: columns.map(str::to_owned).to_vec(),
        rows: measurements.iter().map(inference).collect(),
        sources: vec![
            "peer: TensorFlow Lite Micro 90b983c2b in QEMU 7.2; on the Cortex-M4 with CMSIS-NN, on RISC-V with its reference kernels",
        ],
    }
}

fn inference(measurement: &Measurement) -> Row {
    let model = &measurement.model;
    let (total, products) = (
        measurement.total(),
        model.plan.report.multiply_accumulates(),
    );
    let mut values = vec![
        Cell::Count(total),
        Cell::Count(products),
        Cell::ratio(total, products),
    ];
    let arena = Cell::Count(model.plan.header.arena_bytes.into());
    let peer = peers::of(&model.name);
    match peer.zip(measurement.peer()) {
        Some((peer, (theirs, goal))) => values.extend([
            Cell::Count(theirs),
            Cell::ratio(total, theirs),
            Cell::Count(goal),
            arena,
            Cell::Count(peer.arena_bytes),
        ]),
        None => values.extend([
            Cell::Nothing,
            Cell::Nothing,
            Cell::Nothing,
            arena,
            Cell::Nothing,
        ]),
    }
    Row {
        name: format!("{} on {}", model.name, measurement.board.name),
        values,
    }
}
