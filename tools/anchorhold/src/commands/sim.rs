//! `anchorhold sim`: an emulated board, whose every answer is verified.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use crate::answer::Answer;
use crate::board::Board;
use crate::error::{Class, Error};
use crate::output;
use crate::progress::{self, Progress};
use crate::relying_party::RelyingParty;
use crate::sealed::SealedModel;
use crate::simulation::client::Client;
use crate::simulation::intruder::{Outcome, Tally};
use crate::simulation::recording::Recording;
use crate::simulation::{FlashImage, RunDirectory, Session, Tools};

/// An intruder that tried nothing new for this long has tried everything.
const SETTLED: Duration = Duration::from_secs(3);

/// Boot an emulated board and verify its answers; exits 0 only if all of them verify
#[derive(Debug, Args)]
pub struct Arguments {
    /// Which board [default: the one that the device is]
    #[arg(long)]
    board: Option<String>,
    /// The directory of the device that `anchorhold provision` made
    #[arg(long, value_name = "DIRECTORY")]
    device: PathBuf,
    /// An application to install, signed or not; by default the inference and reader
    /// TABs of the artifacts
    #[arg(long = "app", value_name = "TAB")]
    apps: Vec<PathBuf>,
    /// A sealed model to install
    #[arg(long = "model", value_name = "TAB")]
    models: Vec<PathBuf>,
    /// What the sensor sees or hears: CSV, WAV or a replay file; several are joined in
    /// order
    #[arg(long = "sensor", value_name = "FILE", required = true)]
    sensors: Vec<PathBuf>,
    /// How many answers to ask for
    #[arg(long, default_value_t = 4, value_name = "N")]
    answers: usize,
    /// How many of them share a signature, 1 to 64
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    batch: u32,
    /// The run directory, which keeps evidence, logs, flash image and device state
    #[arg(long, default_value = "anchorhold-run", value_name = "DIRECTORY")]
    out: PathBuf,
    /// Where `make build` put kernel, TABs and tools
    #[arg(long, default_value = "target", value_name = "DIRECTORY")]
    artifacts: PathBuf,
    /// The public key of the OEM that must have signed the device record
    #[arg(long, value_name = "FILE")]
    oem: Option<PathBuf>,
    /// Seconds without an answer after which the board counts as stuck
    #[arg(long, default_value_t = 120, value_name = "SECONDS")]
    timeout: u64,
    /// List every attack that an intruder tried, and how it ended
    #[arg(long)]
    list_attacks: bool,
    /// Print one line of JSON an answer, and a last one with the totals
    #[arg(long)]
    json: bool,
}

/// The last line of `--json`.
#[derive(Serialize)]
struct Totals {
    asked: usize,
    verified: usize,
    rejected_lines: usize,
    attacks: usize,
    refused: usize,
    unresolved: Vec<String>,
    breaches: Vec<String>,
}

/// Builds the flash image, boots it, asks and verifies.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let record = arguments.device.join("record.cose");
    let party = RelyingParty::new(&record, arguments.oem.as_deref())?;
    let board = board(arguments, party.device()?.board)?;
    let tools = Tools::find(&arguments.artifacts, board)?;
    let recording = Recording::read(&arguments.sensors)?;
    let models = arguments
        .models
        .iter()
        .map(|path| SealedModel::read(path))
        .collect::<Result<Vec<_>, _>>()?;
    let directory = RunDirectory::prepare(&arguments.out, &arguments.device, &recording)?;
    // No emulator keeps a secret.
    let party = party.allow_development_keys(true).expect_models(models);
    let flash = build_flash(arguments, board, &tools, &directory)?;

    let patience = Duration::from_secs(arguments.timeout);
    let booting = progress::spinner("booting");
    let mut session = Session::boot(&tools, board, &flash, directory.path(), patience)?;
    session.wait_until_ready()?;
    directory.forget_secrets();
    drop(booting);
    let mut client = Client::new(session, party, patience);
    let progress = progress::bar(arguments.answers as u64, "answers");
    if !arguments.json {
        announce(&client, &progress);
    }
    let mut number = 0;
    while number < arguments.answers {
        let together = (arguments.batch as usize).min(arguments.answers - number);
        let replies = match together {
            1 => vec![client.ask()?],
            _ => client.ask_together(together)?,
        };
        for reply in replies {
            number += 1;
            directory.keep(&reply.token, &reply.nonce)?;
            let answer = reply.answer;
            if arguments.json {
                output::json(&answer)?;
            } else {
                progress.println(&row(number, &answer));
            }
            progress.advance();
        }
    }
    drop(progress);
    conclude(client, arguments)
}

/// The board to emulate: the one that the device is.
fn board(arguments: &Arguments, of_device: &str) -> Result<&'static Board, Error> {
    match &arguments.board {
        Some(name) if name != of_device => Err(Error::new(
            Class::Usage,
            format!("--board {name}: the device is of board {of_device}; leave the option out, or give another device"),
        )),
        _ => Board::chosen("the device's board", of_device),
    }
}

fn build_flash(
    arguments: &Arguments,
    board: &'static Board,
    tools: &Tools,
    directory: &RunDirectory,
) -> Result<FlashImage, Error> {
    let kernel = arguments.artifacts.join(board.name).join("kernel.bin");
    if !kernel.is_file() {
        return Err(Error::environment(
            &kernel,
            "not there; run `make build`, or name its directory with --artifacts",
        ));
    }
    let mut tabs = arguments.apps.clone();
    if tabs.is_empty() {
        let built = arguments.artifacts.join("tab");
        tabs = vec![built.join("inference.tab"), built.join("reader.tab")];
    }
    tabs.extend(arguments.models.iter().cloned());
    let _progress = progress::spinner("tockloader installs the TABs");
    let flash = FlashImage::create(board.family, &kernel, &directory.path().join("flash.bin"))?;
    flash.install(&tools.tockloader, &tabs)?;
    directory.list_tabs(&tabs)?;
    Ok(flash)
}

/// What the board said while it booted, and the head of the table.
fn announce(client: &Client, progress: &Progress) {
    for line in client.session().lines() {
        progress.println(&format!("  {line}"));
    }
    progress.println(&format!(
        "\n{:>5}  {:<26}{:>6}  {:<16}{:>9}  requester",
        "", "answer", "score", "input", "counter"
    ));
}

fn row(number: usize, answer: &Answer) -> String {
    let score = answer
        .result
        .as_ref()
        .and_then(|result| result.score_bucket);
    let score = score.map_or_else(String::new, |bucket| bucket.to_string());
    let input = answer.input.as_ref().map_or("", |input| input.status);
    let counter = format!("{}.{}", answer.boot, answer.sequence);
    let requester = answer.requester.as_deref().unwrap_or("none");
    format!(
        "{number:>5}  {:<26}{score:>6}  {input:<16}{counter:>9}  {requester:<10}verified",
        answer.in_short()
    )
}

/// Lets an intruder finish, switches off, and sums up.
fn conclude(client: Client, arguments: &Arguments) -> Result<(), Error> {
    let rejected = client.rejected().len();
    let mut session = client.into_session();
    if session.tally().attempts() > 0 {
        let _progress = progress::spinner("the intruder goes on");
        session.settle(SETTLED)?;
    }
    let tally = session.stop()?;
    let names = |outcome| tally.named(outcome).map(str::to_owned).collect();
    let totals = Totals {
        asked: arguments.answers,
        verified: arguments.answers,
        rejected_lines: rejected,
        attacks: tally.attempts(),
        refused: tally.count(Outcome::Refused),
        unresolved: names(Outcome::Open),
        breaches: names(Outcome::Breach),
    };
    if arguments.json {
        output::json(&totals)?;
    } else {
        if arguments.list_attacks {
            list(&tally);
        }
        summarize(&totals, &arguments.out);
    }
    judge(&tally)
}

fn list(tally: &Tally) {
    output::line("");
    for (outcome, name) in [
        (Outcome::Refused, "refused"),
        (Outcome::Open, "begun"),
        (Outcome::Breach, "BREACH"),
    ] {
        for attempt in tally.named(outcome) {
            output::line(format_args!("  {name:<9}{attempt}"));
        }
    }
}

fn summarize(totals: &Totals, out: &Path) {
    output::line(format_args!(
        "\n{} of {} answers verified; evidence is in {}",
        totals.verified,
        totals.asked,
        out.join("evidence").display()
    ));
    if totals.rejected_lines > 0 {
        output::line(format_args!(
            "{} lines that looked like evidence did not verify and were passed over",
            totals.rejected_lines
        ));
    }
    if totals.attacks > 0 {
        output::line(format_args!(
            "{} attacks tried, {} refused, {} breaches",
            totals.attacks,
            totals.refused,
            totals.breaches.len()
        ));
    }
    if !totals.unresolved.is_empty() {
        output::line(format_args!(
            "begun without an outcome: {}",
            totals.unresolved.join(", ")
        ));
    }
}

fn judge(tally: &Tally) -> Result<(), Error> {
    let breaches: Vec<_> = tally.named(Outcome::Breach).collect();
    if breaches.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        Class::Breach,
        format!("the intruder got through: {}", breaches.join(", ")),
    ))
}
