//! What is on a board before it is switched on.

use std::fs;
use std::path::PathBuf;

use anchorhold::simulation::recording::Recording;
use anchorhold::simulation::{FlashImage, RunDirectory};

use crate::artifacts;
use crate::board::Board;
use crate::made;
use crate::model::Sealed;
use crate::people::Device;
use crate::scratch;

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
        let board = self.device.target.board;
        let kernel = artifacts::kernel(board);
        let tools = artifacts::tools(board);
        let mut inputs = vec![kernel.as_path()];
        inputs.extend(self.tabs.iter().map(PathBuf::as_path));
        let name = made::digest_of(&inputs, &[]);
        let made = made::once(&format!("flash-{name}.bin"), |path| {
            let installed = FlashImage::create(board.family, &kernel, path)
                .and_then(|flash| flash.install(&tools.tockloader, &self.tabs));
            if let Err(error) = installed {
                panic!("{error}");
            }
        });
        let directory = scratch::directory(&format!("{}/{}", board.name, self.name));
        let path = directory.join("flash.bin");
        let prepared = RunDirectory::prepare(&directory, &self.device.directory, &self.recording)
            .and_then(|run| Ok((run, FlashImage::create(board.family, &kernel, &path)?)));
        let (run, flash) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => panic!("{error}"),
        };
        fs::copy(made, path).expect("a copy of the flash image");
        Board::new(flash, run, self.device)
    }
}
