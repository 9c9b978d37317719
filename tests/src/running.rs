//! A board that is on, asked for answers.

use std::fs;
use std::path::PathBuf;

use anchorhold::hex;
use anchorhold::simulation::transport::Reply;
use anchorhold::simulation::Session;

use crate::answer::Answer;
use crate::nonces::Nonces;
use crate::people::Device;

/// A board that is on. Dropped, it loses power.
pub struct Running {
    session: Session,
    device: Device,
    nonces: Nonces,
    log: PathBuf,
}

impl Running {
    /// A board that was just switched on; its `seed` decides about its nonces.
    pub(crate) fn new(session: Session, device: &Device, log: PathBuf, seed: u64) -> Self {
        Self {
            session,
            device: device.clone(),
            nonces: Nonces::new(seed),
            log,
        }
    }

    /// Waits until the reader takes nonces.
    #[track_caller]
    pub fn ready(mut self) -> Self {
        if let Err(error) = self.session.wait_until_ready() {
            panic!("{error}");
        }
        self
    }

    /// Asks for an answer and waits for it; it must verify.
    #[track_caller]
    pub fn ask(&mut self) -> Answer {
        let nonce = self.request("nonce");
        self.answer(nonce)
    }

    /// Asks for an attestation and waits for it; it must verify.
    #[track_caller]
    pub fn attest(&mut self) -> Answer {
        let nonce = self.request("attest");
        self.answer(nonce)
    }

    /// Asks without waiting, with the word `nonce` or `attest`; returns the nonce.
    #[track_caller]
    pub fn request(&mut self, word: &str) -> Vec<u8> {
        let nonce = self.nonces.next(32);
        self.send(&format!("{word} {}", hex::encode(&nonce)));
        nonce
    }

    /// Waits for the answer to `nonce`, which must verify.
    #[track_caller]
    pub fn answer(&mut self, nonce: Vec<u8>) -> Answer {
        match self.reply() {
            Reply::Evidence(token) => Answer::new(token, nonce, &self.device),
            other => panic!("no answer: {other:?}"),
        }
    }

    /// Asks for claims that are signed later, and waits for them.
    #[track_caller]
    pub fn claims(&mut self) -> (Vec<u8>, Vec<u8>) {
        let nonce = self.request("claims");
        match self.reply() {
            Reply::Claims(claims) => (claims, nonce),
            other => panic!("no claims: {other:?}"),
        }
    }

    /// Has all claims signed, and returns the signed root.
    #[track_caller]
    pub fn sign_batch(&mut self) -> Vec<u8> {
        self.send("sign");
        match self.reply() {
            Reply::Batch(root) => root,
            other => panic!("no signature: {other:?}"),
        }
    }

    /// Asks for an answer that must be refused, and returns the error's name.
    #[track_caller]
    pub fn refusal(&mut self) -> String {
        self.request("nonce");
        match self.reply() {
            Reply::Refused(error) => error,
            other => panic!("a reply came: {other:?}"),
        }
    }

    /// Waits for the reader's next reply.
    #[track_caller]
    pub fn reply(&mut self) -> Reply {
        match self.session.reply() {
            Ok(reply) => reply,
            Err(error) => panic!("{error}"),
        }
    }

    /// Whether the reader has replied and nobody has read it yet.
    pub fn has_replied(&self) -> bool {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let replies = log.lines().filter(|line| Reply::parse(line).is_some());
        let seen = self.session.lines().iter();
        replies.count() > seen.filter(|line| Reply::parse(line).is_some()).count()
    }

    /// Sends a line to the reader.
    #[track_caller]
    pub fn send(&mut self, line: &str) {
        if let Err(error) = self.session.emulator().send_line(line) {
            panic!("{error}");
        }
    }

    /// Waits for a line that contains `text`, unless there was one, and returns it.
    #[track_caller]
    pub fn line(&mut self, text: &str) -> String {
        let earlier = self.session.lines().iter().find(|line| line.contains(text));
        if let Some(line) = earlier {
            return line.clone();
        }
        let found = self.session.wait_for(&format!("`{text}`"), |line| {
            line.contains(text).then(|| line.to_owned())
        });
        match found {
            Ok(line) => line,
            Err(error) => panic!("{error}"),
        }
    }

    /// The lines that were waited through so far.
    pub fn lines(&self) -> &[String] {
        self.session.lines()
    }

    /// A copy of the whole RAM.
    #[track_caller]
    pub fn ram(&mut self) -> Vec<u8> {
        let emulator = self.session.emulator();
        let saved = emulator
            .pause()
            .and_then(|()| emulator.save_ram("ram.bin"))
            .and_then(|path| emulator.resume().map(|()| path));
        match saved {
            Ok(path) => fs::read(path).expect("the RAM"),
            Err(error) => panic!("{error}"),
        }
    }

    /// Makes the board so slow that there are many copies of its RAM in an inference.
    #[track_caller]
    pub fn slow_down(&mut self) {
        let slowed = self.session.emulator().slow_down();
        slowed.expect("QEMU takes commands");
    }

    /// The session, for what else there is to do with it.
    pub fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Takes the power away, at once.
    pub fn lose_power(self) {}
}

impl Drop for Running {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("what the board printed is in {}", self.log.display());
        }
    }
}
