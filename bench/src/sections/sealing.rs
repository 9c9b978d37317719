//! The price of sealing and isolation: what an answer of the device takes, beyond the
//! engine's work.

use anchorhold::board::Board;
use anchorhold::simulation::recording::Recording;
use anchorhold::{Class, Error};
use anchorhold_evidence::merkle::MAX_LEAVES;
use bench::engine_board;

use crate::arguments::{Arguments, BOARDS};
use crate::engine::measurement::measure as measure_model;
use crate::engine::models::{models, Model};
use crate::figures::Figures;
use crate::run::{run, Installed};
use crate::table::{Cell, Row, Table};

/// The models, which `tools/bench.sh` has sealed: those whose outputs are labels.
const MODELS: [&str; 3] = ["kws", "vww", "ic"];
/// The one of them whose plan fits into memory as a whole.
const RESIDENT: &str = "kws";
/// An instruction takes a nanosecond of the board's time.
const INSTRUCTIONS_A_SECOND: u64 = 1_000_000_000;
/// Windows for more answers than are measured.
const WINDOWS: usize = 40;
/// Goals: instructions a byte of a streamed plan on each processor; an answer of a plan
/// that stays decrypted, of the engine's work; a signature's share of the same.
const ARM_A_BYTE: f64 = 45.0;
const RISCV_A_BYTE: f64 = 70.0;
const RESIDENT_RATIO: f64 = 1.02;
const SHARE: f64 = 0.05;

/// Measures all boards.
pub fn measure(arguments: &Arguments) -> Result<Vec<Table>, Error> {
    let models = models().map_err(failed)?.unwrap_or_default();
    let sealed = |name: &&str| models.iter().find(|model| model.name == *name);
    let models: Vec<&Model> = MODELS.iter().filter_map(sealed).collect();
    if models.is_empty() {
        return Ok(Vec::new());
    }
    BOARDS
        .iter()
        .map(|board| prices(arguments, board, &models))
        .collect()
}

/// The table of a board.
fn prices(arguments: &Arguments, board: &'static Board, models: &[&Model]) -> Result<Table, Error> {
    let bare_board = engine_board::BOARDS
        .iter()
        .find(|bare| bare.name == board.name)
        .ok_or_else(|| failed(format!("{}: no bare board has that name", board.name)))?;
    let a_byte = match bare_board.processor {
        "Cortex-M4" => ARM_A_BYTE,
        _ => RISCV_A_BYTE,
    };
    let mut rows = Vec::new();
    for model in models {
        let bare = measure_model(bare_board, model).map_err(failed)?.total();
        let mut row = |what: &str, instructions: u64, a_byte: Cell, goal: Cell| {
            rows.push(Row {
                name: format!("{}, {what}", model.name),
                values: vec![
                    Cell::Count(instructions),
                    Cell::ratio(instructions, bare),
                    a_byte,
                    goal,
                ],
            });
        };
        row(
            "engine alone, plan in memory",
            bare,
            Cell::Nothing,
            Cell::Nothing,
        );
        let answers = Answers::of(arguments, board, model, "")?;
        let claims = answers.a_round("claims")?;
        let plan = u64::from(model.plan.header.plan_bytes);
        let beyond = Cell::ratio(claims.saturating_sub(bare), plan);
        row("sealed, streamed", claims, beyond, Cell::Ratio(a_byte));
        if model.name != RESIDENT {
            continue;
        }
        let resident = Answers::of(arguments, board, model, "-resident")?;
        let resident = resident.a_round("claims")?;
        row(
            "sealed, resident",
            resident,
            Cell::Nothing,
            Cell::Ratio(RESIDENT_RATIO),
        );
        let signature = answers.a_round("signed")?.saturating_sub(claims);
        let share = signature / u64::from(MAX_LEAVES);
        row("signature", signature, Cell::Nothing, Cell::Nothing);
        row(
            "signature, one for 64 answers",
            share,
            Cell::Nothing,
            Cell::Ratio(SHARE),
        );
    }
    Ok(Table {
        title: format!("price of sealing on {}, in instructions", board.name),
        columns: ["instructions", "of bare", "a byte of plan", "goal"]
            .map(str::to_owned)
            .to_vec(),
        rows,
        sources: vec![
            "sealed: an answer from request to claims, without the signature",
            "goals: streamed, what is beyond the engine alone, a byte of plan; else, of the engine alone",
        ],
    })
}

/// What `bench_answers` reported.
struct Answers(Figures);

impl Answers {
    /// Has a board answer by the model in the TAB `NAME{suffix}.tab`.
    fn of(
        arguments: &Arguments,
        board: &'static Board,
        model: &Model,
        suffix: &str,
    ) -> Result<Answers, Error> {
        let input = model.cases.first().map(|case| case.input.repeat(WINDOWS));
        let recording = Recording::from_tensors(&input.unwrap_or_default());
        let tab = format!("bench/{}{suffix}.tab", model.name);
        let installed = Installed {
            applications: &["inference", "bench_answers"],
            model: Some(arguments.artifacts.join(tab)),
            recording: &recording,
        };
        run(&arguments.artifacts, board, &installed).map(Answers)
    }

    /// Instructions in a round of `what`.
    fn a_round(&self, what: &str) -> Result<u64, Error> {
        let get = |what| self.0.get("answers", what);
        let tick = INSTRUCTIONS_A_SECOND.checked_div(get("hertz")?);
        let rounds = get("rounds")?;
        tick.and_then(|tick| (get(what).ok()? * tick).checked_div(rounds))
            .ok_or_else(|| failed(format!("bench_answers measured nothing of `{what}`")))
    }
}

fn failed(what: String) -> Error {
    Error::new(Class::Emulator, what)
}
