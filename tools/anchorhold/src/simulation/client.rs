//! A relying party at the other end of the board's serial port.

mod batch;

use std::thread;
use std::time::{Duration, Instant};

use anchorhold_evidence::ReplayGuard;

use super::session::Session;
use super::transport::{self, Reply};
use crate::answer::Answer;
use crate::error::{Class, Error};
use crate::random;
use crate::relying_party::RelyingParty;

/// Bytes of the nonces that are sent.
pub const NONCE_LENGTH: usize = 32;
/// How long to wait before asking again when the device is busy or its budget spent.
const PAUSE: Duration = Duration::from_millis(50);
/// How long to wait for an answer after a refusal, which another application may have
/// printed.
const DOUBT: Duration = Duration::from_secs(3);

/// An answer that verified.
pub struct Verified {
    /// What it says.
    pub answer: Answer,
    /// The token.
    pub token: Vec<u8>,
    /// The nonce that it answers.
    pub nonce: [u8; NONCE_LENGTH],
}

/// A relying party.
pub struct Client {
    session: Session,
    party: RelyingParty,
    guard: ReplayGuard,
    patience: Duration,
    rejected: Vec<String>,
}

impl Client {
    /// A relying party that expects each answer within `patience`.
    pub fn new(session: Session, party: RelyingParty, patience: Duration) -> Self {
        Self {
            session,
            party,
            guard: ReplayGuard::new(None),
            patience,
            rejected: Vec::new(),
        }
    }

    /// The board.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Gives the board back.
    pub fn into_session(self) -> Session {
        self.session
    }

    /// Why lines that looked like evidence did not verify.
    pub fn rejected(&self) -> &[String] {
        &self.rejected
    }

    /// Asks until one answer verifies.
    pub fn ask(&mut self) -> Result<Verified, Error> {
        let start = Instant::now();
        let nonce: [u8; NONCE_LENGTH] = *random::secret()?.expose();
        self.session.request(&nonce)?;
        loop {
            match self.session.reply()? {
                Reply::Evidence(token) => {
                    if let Some(verified) = self.verified(token, nonce) {
                        return Ok(verified);
                    }
                }
                // Nobody asked for these.
                Reply::Claims(_) | Reply::Batch(_) => (),
                Reply::Refused(name) if transport::is_passing(&name) => {
                    thread::sleep(PAUSE);
                    // The same nonce: if the refusal was not the device's, its answer to
                    // the first request is still the one that is wanted.
                    self.session.request(&nonce)?;
                }
                // Anybody on the line can print a refusal as well.
                Reply::Refused(name) => {
                    while let Some(token) = self.session.evidence_within(DOUBT) {
                        if let Some(verified) = self.verified(token, nonce) {
                            return Ok(verified);
                        }
                        if start.elapsed() > self.patience {
                            break;
                        }
                    }
                    return Err(self.no_answer(&name));
                }
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

    /// The answer, if it is one to this nonce. Anybody on the line can print what is
    /// none; the device's own may still come.
    fn verified(&mut self, token: Vec<u8>, nonce: [u8; NONCE_LENGTH]) -> Option<Verified> {
        match self.check(&token, &nonce) {
            Ok(answer) => Some(Verified {
                answer,
                token,
                nonce,
            }),
            Err(error) => {
                self.rejected.push(error.to_string());
                None
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
        let mut said = self.session.lines().iter().rev();
        let refused = said.find(|line| line.starts_with("vault: refused"));
        let reason = match (refused, name) {
            (Some(line), _) => line.as_str(),
            (None, "NODEVICE") => "it has no model; give one with --model",
            (None, "NOSUPPORT") => "the model's owner does not allow the reader application",
            (None, _) => "see uart.log",
        };
        Error::new(
            Class::Refused,
            format!("the device answers {name}: {reason}"),
        )
    }
}
