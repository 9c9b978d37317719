//! What inference takes with another engine, in the same emulator and run as with ours.

use anchorhold::{Class, Error};
use bench::engine_board::BOARDS;

use crate::arguments::Arguments;
use crate::engine::measurement::measure as measure_ours;
use crate::engine::microflow;
use crate::engine::models::{models, Model};
use crate::table::{Cell, Row, Table};

/// What microflow cannot do, and who is missing.
const REMARKS: [&str; 5] = [
    "microflow: version 0.1.3, with the processor's floating-point unit; ours does without",
    "difference: the greatest from the reference kernels' output values, in their steps; ours is 0",
    "ic: microflow does not compile it: it has no Add operator",
    "vww: microflow pads SAME wrongly at stride 2, and so computes something else",
    "tfmicro: version 0.1.0 does not build today: errors in fs_extra and bindgen",
];

/// Measures microflow and our engine on all reference models, on the Cortex-M4.
pub fn measure(_arguments: &Arguments) -> Result<Vec<Table>, Error> {
    if !microflow::is_built() {
        eprintln!("SKIPPED: microflow is not built; make bench does, where it can");
        return Ok(Vec::new());
    }
    let Some(models) = models().map_err(failed)? else {
        return Ok(Vec::new());
    };
    let rows: Result<_, _> = models.iter().map(of_model).collect();
    let columns = ["microflow", "ours", "of microflow's", "difference"];
    Ok(vec![Table {
        title: format!(
            "one inference on {}, in instructions, beside another engine in Rust",
            BOARDS[0].name
        ),
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.map_err(failed)?,
        sources: REMARKS.to_vec(),
    }])
}

fn failed(what: String) -> Error {
    Error::new(Class::Emulator, what)
}

fn of_model(model: &Model) -> Result<Row, String> {
    let ours = measure_ours(&BOARDS[0], model)?.total();
    let theirs = microflow::measure(model)?;
    let values = match theirs {
        Some(theirs) => vec![
            Cell::Count(theirs.instructions),
            Cell::Count(ours),
            Cell::ratio(ours, theirs.instructions),
            Cell::Count(theirs.difference),
        ],
        None => vec![
            Cell::Nothing,
            Cell::Count(ours),
            Cell::Nothing,
            Cell::Nothing,
        ],
    };
    Ok(Row {
        name: model.name.clone(),
        values,
    })
}
