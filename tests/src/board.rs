//! A board in QEMU: its flash and its host files.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anchorhold::simulation::recording::Recording;
use anchorhold::simulation::{FlashImage, RunDirectory, Session};

use crate::artifacts;
use crate::people::Device;
pub use crate::running::Running;
pub use crate::setup::Setup;

/// A board that says nothing for so long is stuck. Other tests may keep this
/// computer busy meanwhile.
const PATIENCE: Duration = Duration::from_secs(60);

/// A board, switched off.
pub struct Board {
    flash: FlashImage,
    run: RunDirectory,
    device: Device,
    boots: Cell<u64>,
}

impl Board {
    pub(crate) fn new(flash: FlashImage, run: RunDirectory, device: Device) -> Self {
        Self {
            flash,
            run,
            device,
            boots: Cell::new(0),
        }
    }

    /// Switches the board on.
    #[track_caller]
    pub fn boot(&self) -> Running {
        self.boots.set(self.boots.get() + 1);
        let board = self.device.target.board;
        let tools = artifacts::tools(board);
        match Session::boot(&tools, board, &self.flash, self.path(), PATIENCE) {
            Ok(session) => {
                let log = self.path().join("uart.log");
                Running::new(session, &self.device, log, self.boots.get())
            }
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
