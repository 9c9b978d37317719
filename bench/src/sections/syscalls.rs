//! What system calls and the switch to another process take.

use anchorhold::board::Board;
use anchorhold::simulation::recording::Recording;
use anchorhold::{Class, Error};

use crate::arguments::{Arguments, BOARDS};
use crate::figures::Figures;
use crate::run::{run, Installed};
use crate::table::{Cell, Row, Table};

/// An instruction takes a nanosecond of the board's time.
const INSTRUCTIONS_A_SECOND: u64 = 1_000_000_000;
/// A time slice has 10 ms.
const SLICE: u64 = INSTRUCTIONS_A_SECOND / 100;

/// Rows: name, goal, upstream Tock's figure.
const ROWS: [(&str, u64, u64); 3] = [
    ("null command", 800, 2611),
    ("yield, upcall pending", 1000, 2821),
    ("process switch", 1400, 3246),
];

/// Measures all boards.
pub fn measure(arguments: &Arguments) -> Result<Vec<Table>, Error> {
    let mut columns: Vec<String> = Vec::new();
    let mut measured = Vec::new();
    for board in BOARDS {
        columns.push(board.name.to_owned());
        measured.push(of_board(arguments, board)?);
    }
    columns.extend(["goal".to_owned(), "upstream".to_owned()]);
    let rows = ROWS.iter().enumerate().map(|(place, (name, goal, peer))| {
        let mut values: Vec<_> = measured
            .iter()
            .map(|board| Cell::Count(board[place]))
            .collect();
        values.extend([Cell::Count(*goal), Cell::Count(*peer)]);
        Row {
            name: (*name).to_owned(),
            values,
        }
    });
    Ok(vec![Table {
        title: "system calls, in instructions".to_owned(),
        columns,
        rows: rows.collect(),
        sources: vec!["upstream: Tock 65608d717 on its board qemu_rv32_virt in QEMU"],
    }])
}

/// The three figures of a board.
fn of_board(arguments: &Arguments, board: &'static Board) -> Result<[u64; 3], Error> {
    let calls = Calls(apart(arguments, board, &["bench_calls"])?);
    let turns = Turns {
        figures: apart(arguments, board, &["bench_turns", "bench_other"])?,
        tick: calls.tick()?,
        look: calls.beyond("clock", "nothing")?,
    };
    Ok([
        calls.beyond("command", "nothing")?,
        calls.beyond("upcall-run", "upcall-dropped")?,
        turns.switch()?,
    ])
}

/// Runs these applications and nothing else.
fn apart(
    arguments: &Arguments,
    board: &'static Board,
    applications: &[&str],
) -> Result<Figures, Error> {
    let installed = Installed {
        applications,
        model: None,
        recording: &Recording::from_samples(&[]),
    };
    run(&arguments.artifacts, board, &installed)
}

/// What `bench_calls` reported.
struct Calls(Figures);

impl Calls {
    fn get(&self, what: &str) -> Result<u64, Error> {
        self.0.get("calls", what)
    }

    /// Instructions in a tick of the clock.
    fn tick(&self) -> Result<u64, Error> {
        INSTRUCTIONS_A_SECOND
            .checked_div(self.get("hertz")?)
            .ok_or_else(|| implausible("a clock of 0 Hz"))
    }

    /// Instructions in a round of `more`, beyond those in one of `less`.
    fn beyond(&self, more: &str, less: &str) -> Result<u64, Error> {
        let ticks = self
            .get(more)?
            .checked_sub(self.get(less)?)
            .ok_or_else(|| implausible("a round with a call took less time than one without"))?;
        rounded(ticks * self.tick()?, self.get("rounds")?)
    }
}

/// What `bench_turns` reported.
struct Turns {
    figures: Figures,
    /// Instructions in a tick of the clock.
    tick: u64,
    /// Instructions that a look at the clock takes.
    look: u64,
}

impl Turns {
    fn get(&self, what: &str) -> Result<u64, Error> {
        self.figures.get("turns", what)
    }

    /// Instructions of a switch between two processes that compute all the time.
    fn switch(&self) -> Result<u64, Error> {
        let rounds = self.get("rounds")?;
        // A round is a whole number of instructions; the ends of time slices add less
        // than half of one to each.
        let round = rounded(self.get("alone")? * self.tick, rounds)?;
        let both = (rounds + self.get("other-rounds")?) * round;
        let together = self.get("together")? * self.tick;
        let together = together.saturating_sub(self.get("looks")? * self.look);
        let lost = together
            .checked_sub(both)
            .ok_or_else(|| implausible("two processes took less time than they need alone"))?;
        rounded(lost, together / SLICE)
    }
}

fn rounded(total: u64, parts: u64) -> Result<u64, Error> {
    (total + parts / 2)
        .checked_div(parts)
        .ok_or_else(|| implausible("nothing was measured"))
}

fn implausible(what: &str) -> Error {
    Error::new(
        Class::Emulator,
        format!("the measurement cannot be right: {what}; see uart.log"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(application: &str, values: &[(&str, u64)]) -> Figures {
        let mut figures = Figures::default();
        for (what, value) in values {
            figures.keep(application, what, *value);
        }
        figures
    }

    #[test]
    fn a_call_is_what_a_round_takes_beyond_an_empty_one() {
        // 10 us a tick: 10,000 instructions.
        let calls = [
            ("hertz", 100_000),
            ("rounds", 1000),
            ("nothing", 1),
            ("command", 68),
        ];
        let calls = Calls(figures("calls", &calls));
        assert_eq!(calls.tick().unwrap(), 10_000);
        assert_eq!(calls.beyond("command", "nothing").unwrap(), 670);
        let error = calls.beyond("nothing", "command").unwrap_err();
        assert!(error.to_string().contains("took less time"), "{error}");
    }

    #[test]
    fn a_switch_is_what_two_processes_do_not_compute() {
        // Rounds of 300 instructions, and time slices that lose 1000 each;
        // then 50 looks of 700.
        let computed = (10_000_000 + 9_900_000) * 300;
        let switches = computed / (SLICE - 1000);
        let together = computed + switches * 1000 + 50 * 700;
        let turns = [
            ("rounds", 10_000_000),
            ("other-rounds", 9_900_000),
            ("alone", 10_000_000 * 300 + 300 * 900),
            ("together", together),
            ("looks", 50),
        ];
        let turns = Turns {
            figures: figures("turns", &turns),
            tick: 1,
            look: 700,
        };
        assert_eq!(turns.switch().unwrap(), 1000);
    }
}
