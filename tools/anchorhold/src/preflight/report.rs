//! The answer to "will this model run on that board?", for people and for programs.

use std::path::Path;

use anchorhold_plan_compiler::Report;
use serde::Serialize;

use super::cost::{Cost, ERROR_PERCENT};
use super::Need;
use crate::board::Board;
use crate::error::Error;
use crate::output;

/// Whether a model fits a board, and why not.
#[derive(Debug, Serialize)]
pub struct Preflight {
    model: String,
    version: u64,
    board: &'static str,
    fits: bool,
    /// Why it does not.
    problems: Vec<String>,
    operators: Vec<Operator>,
    needs: Vec<Need>,
    /// Estimates, in instructions: the engine alone, and the sealed plan around it.
    inference_instructions: u64,
    sealing_instructions: u64,
    estimate_error_percent: u32,
}

#[derive(Debug, Serialize)]
struct Operator {
    name: String,
    output: Vec<usize>,
    multiply_accumulates: u64,
    weight_bytes: u32,
    instructions: u64,
}

impl Preflight {
    /// The answer for version `version` of `model`, whose plan is what `report` says and
    /// needs `needs` of `board`.
    pub fn new(
        model: &str,
        version: u64,
        board: &'static Board,
        report: &Report,
        needs: Vec<Need>,
    ) -> Self {
        let cost = Cost::estimate(report, board.family);
        let operators = report.operators.iter().zip(&cost.operators);
        let operators = operators.map(|(operator, instructions)| Operator {
            name: operator.name.clone(),
            output: operator.output.clone(),
            multiply_accumulates: operator.multiply_accumulates,
            weight_bytes: operator.weight_bytes,
            instructions: *instructions,
        });
        Self {
            model: model.to_owned(),
            version,
            board: board.name,
            fits: needs.iter().all(Need::is_met),
            problems: needs.iter().filter_map(Need::problem).collect(),
            operators: operators.collect(),
            needs,
            inference_instructions: cost.inference(),
            sealing_instructions: cost.sealing,
            estimate_error_percent: ERROR_PERCENT,
        }
    }

    /// All reasons why the model in the file `path` does not fit, as an error.
    pub fn verdict(&self, path: &Path) -> Result<(), Error> {
        if self.problems.is_empty() {
            return Ok(());
        }
        let problems = self.problems.join("; ");
        Err(Error::input(
            path,
            format_args!("does not fit {}: {problems}", self.board),
        ))
    }

    /// Prints it on standard output.
    pub fn print(&self, json: bool) -> Result<(), Error> {
        if json {
            return output::json(self);
        }
        output::line(format_args!(
            "{} version {} on {}",
            output::visible(&self.model),
            self.version,
            self.board
        ));
        output::line("     operator           output            multiply-accumulates   weights  instructions");
        for (index, operator) in self.operators.iter().enumerate() {
            let shape: Vec<_> = operator.output.iter().map(ToString::to_string).collect();
            output::line(format_args!(
                "{index:>3}  {:<18} {:<16} {:>21}  {:>8}  {:>12}",
                operator.name,
                shape.join(" x "),
                operator.multiply_accumulates,
                operator.weight_bytes,
                operator.instructions
            ));
        }
        let lines: Vec<_> = self
            .needs
            .iter()
            .map(|need| {
                (
                    need.what,
                    format!("{:>6} of {} bytes", need.bytes, need.room),
                )
            })
            .collect();
        output::lines(&lines);
        output::line(format_args!(
            "  an inference takes about {} instructions, within {ERROR_PERCENT} %; opening the sealed \
             plan about {}",
            self.inference_instructions, self.sealing_instructions
        ));
        output::line(if self.fits { "fits: yes" } else { "fits: no" });
        Ok(())
    }
}
