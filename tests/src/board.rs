//! A board in QEMU, set up and asked for answers.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anchorhold::hex;
use anchorhold::simulation::board::OPENTITAN;
use anchorhold::simulation::recording::Recording;
use anchorhold::simulation::transport::Reply;
use anchorhold::simulation::{FlashImage, RunDirectory, Session};

use crate::answer::Answer;
use crate::artifacts;
use crate::made;
use crate::model::Sealed;
use crate::nonces::Nonces;
use crate::people::Device;
use crate::scratch;

/// A board that says nothing for so long is stuck. Other tests may keep this
/// computer busy meanwhile.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is on a board.
pub struct Setup {
    name: String,
    device: Device,
    tabs: Vec<PathBuf>,
    recording: Recording,
}

impl Setup {
    /// A board of `device` with a kernel, and nothing to sense. The test's name says
    /// where its files go.
    pub fn new(name: &str, device: &Device) -> Self {
        Self {
            name: name.to_owned(),
            device: device.clone(),
            tabs: Vec::new(),
            recording: Recording::from_samples(&[]),
        }
    }

    /// Installs the inference process and the reader.
    #[track_caller]
    pub fn usual_applications(self) -> Self {
        self.applications(&["inference", "reader"])
    }

    /// Installs applications that the build made.
    #[track_caller]
    pub fn applications(self, names: &[&str]) -> Self {
        let tabs: Vec<_> = names.iter().map(|name| artifacts::tab(name)).collect();
        self.tabs(&tabs)
    }

    /// Installs TABs.
    pub fn tabs(mut self, tabs: &[PathBuf]) -> Self {
        self.tabs.extend_from_slice(tabs);
        self
    }

    /// Installs a sealed model.
    pub fn model(self, model: &Sealed) -> Self {
        self.tabs(std::slice::from_ref(&model.tab))
    }

    /// What the sensor sees.
    pub fn senses(mut self, recording: Recording) -> Self {
        self.recording = recording;
        self
    }

    /// Installs everything with tockloader. Flash with the same content is made once.
    #[track_caller]
    pub fn install(self) -> Board {
        let kernel = artifacts::kernel();
        let tools = artifacts::tools();
        let mut inputs = vec![kernel.as_path()];
        inputs.extend(self.tabs.iter().map(PathBuf::as_path));
        let name = made::digest_of(&inputs, &[]);
        let made = made::once(&format!("flash-{name}.bin"), |path| {
            let installed = FlashImage::create(&OPENTITAN, &kernel, path)
                .and_then(|flash| flash.install(&tools.tockloader, &self.tabs));
            if let Err(error) = installed {
                panic!("{error}");
            }
        });
        let directory = scratch::directory(&self.name);
        let path = directory.join("flash.bin");
        let prepared = RunDirectory::prepare(&directory, &self.device.directory, &self.recording)
            .and_then(|run| Ok((run, FlashImage::create(&OPENTITAN, &kernel, &path)?)));
        let (run, flash) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => panic!("{error}"),
        };
        fs::copy(made, path).expect("a copy of the flash image");
        Board {
            flash,
            run,
            device: self.device,
            boots: Cell::new(0),
        }
    }
}

/// A board, switched off.
pub struct Board {
    flash: FlashImage,
    run: RunDirectory,
    device: Device,
    boots: Cell<u64>,
}

impl Board {
    /// Switches the board on.
    #[track_caller]
    pub fn boot(&self) -> Running {
        self.boots.set(self.boots.get() + 1);
        let tools = artifacts::tools();
        match Session::boot(&tools, &OPENTITAN, &self.flash, self.path(), PATIENCE) {
            Ok(session) => Running {
                session,
                device: self.device.clone(),
                nonces: Nonces::new(self.boots.get()),
                log: self.path().join("uart.log"),
            },
            Err(error) => panic!("{error}"),
        }
    }

    /// The directory with the board's host files.
    pub fn path(&self) -> &Path {
        self.run.path()
    }

    /// Everything that the board has printed since it was last switched on.
    pub fn log(&self) -> String {
        let log = fs::read(self.path().join("uart.log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// The flash.
    #[track_caller]
    pub fn flash(&self) -> Vec<u8> {
        fs::read(self.flash.path()).expect("the flash image")
    }

    /// Changes the flash, as somebody does who has the chip in hand.
    #[track_caller]
    pub fn set_flash(&self, flash: &[u8]) {
        fs::write(self.flash.path(), flash).expect("the flash image");
    }

    /// The device's storage; empty before it was first used.
    pub fn storage(&self) -> Vec<u8> {
        fs::read(self.path().join("storage.bin")).unwrap_or_default()
    }

    /// Changes the device's storage.
    #[track_caller]
    pub fn set_storage(&self, storage: &[u8]) {
        fs::write(self.path().join("storage.bin"), storage).expect("the storage file");
    }

    /// What the sensor sees from the next boot on.
    #[track_caller]
    pub fn senses(&self, recording: &Recording) {
        if let Err(error) = self.run.set_recording(recording) {
            panic!("{error}");
        }
    }
}

/// A board that is on. Dropped, it loses power.
pub struct Running {
    session: Session,
    device: Device,
    nonces: Nonces,
    log: PathBuf,
}

impl Running {
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
            Reply::Refused(error) => panic!("no answer: {error}"),
        }
    }

    /// Asks for an answer that must be refused, and returns the error's name.
    #[track_caller]
    pub fn refusal(&mut self) -> String {
        self.request("nonce");
        match self.reply() {
            Reply::Refused(error) => error,
            Reply::Evidence(_) => panic!("an answer came"),
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
