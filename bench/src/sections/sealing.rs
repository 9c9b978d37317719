//! The price of sealing and isolation: what an answer of the device takes, beyond the
//! engine's work.

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

/// The model, which `tools/bench.sh` has sealed.
const MODEL: &str = "kws";
/// An instruction takes a nanosecond of the board's time.
const INSTRUCTIONS_A_SECOND: u64 = 1_000_000_000;
/// Windows for more answers than are measured.
const WINDOWS: usize = 40;
/// Goals: instructions a byte of the plan on each processor; a signature's share.
const ARM_A_BYTE: f64 = 45.0;
const RISCV_A_BYTE: f64 = 70.0;
const SHARE: f64 = 0.05;

/// Measures all boards.
pub fn measure(arguments: &Arguments) -> Result<Vec<Table>, Error> {
    let models = models().map_err(failed)?.unwrap_or_default();
    let Some(model) = models.into_iter().find(|model| model.name == MODEL) else {
        return Ok(Vec::new());
    };
    let input = model.cases.first().map(|case| case.input.repeat(WINDOWS));
    let recording = Recording::from_tensors(&input.unwrap_or_default());
    let mut tables = Vec::new();
    for board in BOARDS {
        let installed = Installed {
            applications: &["inference", "bench_answers"],
            model: Some(arguments.artifacts.join(format!("bench/{MODEL}.tab"))),
            recording: &recording,
        };
        let figures = run(&arguments.artifacts, board, &installed)?;
        tables.push(prices(&model, board.name, &Answers(figures))?);
    }
    Ok(tables)
}

fn prices(model: &Model, board: &'static str, answers: &Answers) -> Result<Table, Error> {
    let bare_board = engine_board::BOARDS
        .iter()
        .find(|bare| bare.name == board)
        .ok_or_else(|| failed(format!("{board}: no bare board has that name")))?;
    let bare = measure_model(bare_board, model).map_err(failed)?.total();
    let (answer, claims) = (answers.of("answer")?, answers.of("claims")?);
    let signature = answers.of("signed")?.saturating_sub(claims);
    let plan = u64::from(model.plan.header.plan_bytes);
    let a_byte = match bare_board.processor {
        "Cortex-M4" => ARM_A_BYTE,
        _ => RISCV_A_BYTE,
    };
    let row = |name: &str, instructions: u64, a_byte: Cell, goal: Cell| Row {
        name: name.to_owned(),
        values: vec![
            Cell::Count(instructions),
            Cell::ratio(instructions, bare),
            a_byte,
            goal,
        ],
    };
    let sealing = claims.saturating_sub(bare);
    let share = signature / u64::from(MAX_LEAVES);
    Ok(Table {
        title: format!(
            "price of sealing, {} ({plan} bytes of plan) on {board}, in instructions",
            model.name
        ),
        columns: ["instructions", "of bare", "a byte of plan", "goal"]
            .map(str::to_owned)
            .to_vec(),
        rows: vec![
            row(
                "engine alone, plan in memory",
                bare,
                Cell::Nothing,
                Cell::Nothing,
            ),
            row(
                "answer, sealed and streamed, unsigned",
                claims,
                Cell::Nothing,
                Cell::Nothing,
            ),
            row(
                "  of that, not the engine",
                sealing,
                Cell::ratio(sealing, plan),
                Cell::Ratio(a_byte),
            ),
            row("signature", signature, Cell::Nothing, Cell::Nothing),
            row(
                "signature, one for 64 answers",
                share,
                Cell::Nothing,
                Cell::Ratio(SHARE),
            ),
            row(
                "answer with its own signature",
                answer,
                Cell::Nothing,
                Cell::Nothing,
            ),
        ],
        sources: vec!["goal of the third row: a byte of plan; of the fifth: of the engine alone"],
    })
}

/// What `bench_answers` reported.
struct Answers(Figures);

impl Answers {
    /// Instructions in a round of `what`.
    fn of(&self, what: &str) -> Result<u64, Error> {
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
