//! One run of a board, from power-on to the last answer, as a client sees it.

use std::path::Path;
use std::time::{Duration, Instant};

use super::emulator::{Emulator, Pace};
use super::flash::FlashImage;
use super::intruder::Tally;
use super::tools::Tools;
use super::transport::{self, Reply};
use super::uart::Received;
use crate::board::Board;
use crate::error::{Class, Error};

/// Most lines of the board's output that are kept; `uart.log` has them all.
const KEPT_LINES: usize = 10_000;

/// A booted board.
pub struct Session {
    emulator: Emulator,
    patience: Duration,
    tally: Tally,
    lines: Vec<String>,
}

impl Session {
    /// Boots `flash`. Whatever is awaited later must come within `patience`.
    pub fn boot(
        tools: &Tools,
        board: &'static Board,
        flash: &FlashImage,
        directory: &Path,
        patience: Duration,
    ) -> Result<Self, Error> {
        Self::boot_at(Pace::Usual, tools, board, flash, directory, patience)
    }

    /// As [`Session::boot`], with the board's time at `pace`.
    pub fn boot_at(
        pace: Pace,
        tools: &Tools,
        board: &'static Board,
        flash: &FlashImage,
        directory: &Path,
        patience: Duration,
    ) -> Result<Self, Error> {
        Ok(Self {
            emulator: Emulator::start(&tools.qemu, board, flash, directory, pace)?,
            patience,
            tally: Tally::default(),
            lines: Vec::new(),
        })
    }

    /// Waits until the reader application takes nonces.
    pub fn wait_until_ready(&mut self) -> Result<(), Error> {
        self.wait_for("the reader application to start", |line| {
            (line == transport::READY).then_some(())
        })
    }

    /// Asks for an answer to `nonce` without waiting for it.
    pub fn request(&mut self, nonce: &[u8]) -> Result<(), Error> {
        self.emulator.send_line(&transport::request(nonce))
    }

    /// Asks for claims that are signed later, without waiting for them.
    pub fn request_claims(&mut self, nonce: &[u8]) -> Result<(), Error> {
        self.emulator.send_line(&transport::request_claims(nonce))
    }

    /// Asks for the signature over all claims, without waiting for it.
    pub fn request_signature(&mut self) -> Result<(), Error> {
        self.emulator.send_line(transport::SIGN)
    }

    /// Waits for the next reply of the reader application.
    pub fn reply(&mut self) -> Result<Reply, Error> {
        self.wait_for("an answer", Reply::parse)
    }

    /// The next evidence, if it comes within `patience`. Refusals in between are
    /// passed over.
    pub fn evidence_within(&mut self, patience: Duration) -> Option<Vec<u8>> {
        let deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Received::Line(line) = self.emulator.receive(left) else {
                return None;
            };
            let reply = Reply::parse(&line);
            self.note(line);
            match reply {
                Some(Reply::Evidence(token)) => return Some(token),
                _ if Instant::now() >= deadline => return None,
                _ => {}
            }
        }
    }

    /// Waits for a line in which `find` finds something, and returns that. `what`
    /// names it in the error when it does not come.
    pub fn wait_for<T>(
        &mut self,
        what: &str,
        mut find: impl FnMut(&str) -> Option<T>,
    ) -> Result<T, Error> {
        // A board that talks, but never says what is awaited, is stuck as well.
        let deadline = Instant::now() + self.patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = match self.emulator.receive(left) {
                Received::Line(line) => line,
                Received::Silence => return Err(self.stuck(what)),
                Received::Closed => {
                    return Err(Error::new(
                        Class::Emulator,
                        format!(
                            "QEMU ended while waiting for {what}; see qemu.log beside uart.log"
                        ),
                    ))
                }
            };
            let found = find(&line);
            self.note(line);
            if let Some(found) = found {
                return Ok(found);
            }
            if Instant::now() >= deadline {
                return Err(self.stuck(what));
            }
        }
    }

    /// Listens until the intruder has tried nothing new for `quiet`.
    pub fn settle(&mut self, quiet: Duration) -> Result<(), Error> {
        let mut attempts = self.tally.attempts();
        let mut since = Instant::now();
        while since.elapsed() < quiet {
            match self.emulator.receive(quiet) {
                Received::Line(line) => self.note(line),
                Received::Silence => break,
                Received::Closed => return Err(ended("the intruder to finish")),
            }
            if self.tally.attempts() != attempts {
                attempts = self.tally.attempts();
                since = Instant::now();
            }
        }
        Ok(())
    }

    /// The lines that the board printed and that were waited through so far.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// What the intruder application tried so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The emulator, for what only tests do with it.
    pub fn emulator(&mut self) -> &mut Emulator {
        &mut self.emulator
    }

    /// Switches the board off.
    pub fn stop(self) -> Result<Tally, Error> {
        self.emulator.stop()?;
        Ok(self.tally)
    }

    fn note(&mut self, line: String) {
        self.tally.note(&line);
        if self.lines.len() < KEPT_LINES {
            self.lines.push(line);
        }
    }

    fn stuck(&self, what: &str) -> Error {
        let last = self.lines.last().map_or("nothing", String::as_str);
        Error::new(
            Class::Emulator,
            format!(
                "the board is stuck: waited {} s for {what}; it last printed `{last}`; see uart.log, or allow more with --timeout",
                self.patience.as_secs()
            ),
        )
    }
}

fn ended(what: &str) -> Error {
    Error::new(
        Class::Emulator,
        format!("QEMU ended while waiting for {what}; see qemu.log beside uart.log"),
    )
}
