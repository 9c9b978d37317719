//! `anchorhold sim`: an emulated board, whose every answer is verified.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anchorhold_evidence::ReplayGuard;
use clap::Args;
use serde::Serialize;

use super::provision::unknown_board;
use crate::answer::Answer;
use crate::error::{Class, Error};
use crate::output;
use crate::progress::{self, Progress};
use crate::random;
use crate::relying_party::RelyingParty;
use crate::sealed::SealedModel;
use crate::simulation::intruder::{Outcome, Tally};
use crate::simulation::recording::Recording;
use crate::simulation::transport::{self, Reply};
use crate::simulation::{Board, FlashImage, RunDirectory, Session, Tools};

/// Bytes of the nonces that are sent.
const NONCE_LENGTH: usize = 32;
/// How long to wait before asking again when the device is busy or its budget spent.
const PAUSE: Duration = Duration::from_millis(50);
/// An intruder that tried nothing new for this long has tried everything.
const SETTLED: Duration = Duration::from_secs(3);

/// Boot an emulated board and verify its answers; exits 0 only if all of them verify
#[derive(Debug, Args)]
pub struct Arguments {
    /// Which board
    #[arg(long, default_value = "opentitan")]
    board: String,
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
    /// What the sensor sees, CSV or a replay file; several are joined in order
    #[arg(long = "sensor", value_name = "FILE", required = true)]
    sensors: Vec<PathBuf>,
    /// How many answers to ask for
    #[arg(long, default_value_t = 4, value_name = "N")]
    answers: usize,
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
    let board = Board::by_name(&arguments.board).ok_or_else(|| unknown_board(&arguments.board))?;
    let tools = Tools::find(&arguments.artifacts)?;
    let recording = Recording::read(&arguments.sensors)?;
    let models = arguments
        .models
        .iter()
        .map(|path| SealedModel::read(path))
        .collect::<Result<Vec<_>, _>>()?;
    let directory = RunDirectory::prepare(&arguments.out, &arguments.device, &recording)?;
    let record = directory.path().join("record.cose");
    let party = RelyingParty::new(&record, arguments.oem.as_deref())?
        // No emulator keeps a secret.
        .allow_development_keys(true)
        .expect_models(models);
    let flash = build_flash(arguments, board, &tools, directory.path())?;

    let mut client = Client {
        session: Session::boot(
            &tools,
            board,
            &flash,
            directory.path(),
            Duration::from_secs(arguments.timeout),
        )?,
        party,
        guard: ReplayGuard::new(None),
        patience: Duration::from_secs(arguments.timeout),
        rejected: Vec::new(),
    };
    {
        let _progress = progress::spinner("booting");
        client.session.wait_until_ready()?;
    }
    let progress = progress::bar(arguments.answers as u64, "answers");
    if !arguments.json {
        announce(&client, &progress);
    }
    for number in 1..=arguments.answers {
        let (answer, token, nonce) = client.ask()?;
        directory.keep(&token, &nonce)?;
        if arguments.json {
            output::json(&answer)?;
        } else {
            progress.println(&row(number, &answer));
        }
        progress.advance();
    }
    drop(progress);
    conclude(client, arguments)
}

fn build_flash(
    arguments: &Arguments,
    board: &'static Board,
    tools: &Tools,
    directory: &Path,
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
    let flash = FlashImage::create(board, &kernel, &directory.join("flash.bin"))?;
    flash.install(&tools.tockloader, &tabs)?;
    Ok(flash)
}

/// A relying party at the other end of the board's serial port.
struct Client {
    session: Session,
    party: RelyingParty,
    guard: ReplayGuard,
    patience: Duration,
    rejected: Vec<String>,
}

impl Client {
    /// Asks until one answer verifies; returns it with its token and nonce.
    fn ask(&mut self) -> Result<(Answer, Vec<u8>, [u8; NONCE_LENGTH]), Error> {
        let start = Instant::now();
        let mut nonce: [u8; NONCE_LENGTH] = *random::secret()?.expose();
        self.session.request(&nonce)?;
        loop {
            match self.session.reply()? {
                Reply::Evidence(token) => match self.check(&token, &nonce) {
                    Ok(answer) => return Ok((answer, token, nonce)),
                    // Anybody on the line can print such a thing; the device's own
                    // answer may still come.
                    Err(error) => self.rejected.push(error.to_string()),
                },
                Reply::Refused(name) if transport::is_passing(&name) => {
                    thread::sleep(PAUSE);
                    nonce = *random::secret()?.expose();
                    self.session.request(&nonce)?;
                }
                Reply::Refused(name) => return Err(self.no_answer(&name)),
            }
            if start.elapsed() > self.patience {
                let reason = self.rejected.last().map_or("none came", String::as_str);
                return Err(Error::new(
                    Class::Refused,
                    format!(
                        "no answer verified within {} s: {reason}",
                        self.patience.as_secs()
                    ),
                ));
            }
        }
    }

    fn check(&mut self, token: &[u8], nonce: &[u8]) -> Result<Answer, Error> {
        let (answer, counter) = self.party.check(token, nonce)?;
        self.guard
            .accept(counter)
            .map_err(|error| Error::new(Class::Refused, error.to_string()))?;
        Ok(answer)
    }

    fn no_answer(&self, name: &str) -> Error {
        let reason = self
            .session
            .lines()
            .iter()
            .rev()
            .find(|line| line.starts_with("vault: refused"))
            .map_or("see uart.log", String::as_str);
        Error::new(
            Class::Refused,
            format!("the device answers {name}: {reason}"),
        )
    }
}

/// What the board said while it booted, and the head of the table.
fn announce(client: &Client, progress: &Progress) {
    for line in client.session.lines() {
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
fn conclude(mut client: Client, arguments: &Arguments) -> Result<(), Error> {
    if client.session.tally().attempts() > 0 {
        let _progress = progress::spinner("the intruder goes on");
        client.session.settle(SETTLED)?;
    }
    let rejected = client.rejected.len();
    let tally = client.session.stop()?;
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
        summarize(&totals, &arguments.out);
    }
    judge(&tally)
}

fn summarize(totals: &Totals, out: &Path) {
    println!(
        "\n{} of {} answers verified; evidence is in {}",
        totals.verified,
        totals.asked,
        out.join("evidence").display()
    );
    if totals.rejected_lines > 0 {
        println!(
            "{} lines that looked like evidence did not verify and were passed over",
            totals.rejected_lines
        );
    }
    if totals.attacks > 0 {
        println!(
            "{} attacks tried, {} refused, {} breaches",
            totals.attacks,
            totals.refused,
            totals.breaches.len()
        );
    }
    if !totals.unresolved.is_empty() {
        println!("begun without an outcome: {}", totals.unresolved.join(", "));
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
