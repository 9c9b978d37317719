//! The programs of others that a simulation runs: QEMU and tockloader.

use std::path::{Path, PathBuf};

use crate::board::Board;
use crate::error::{Class, Error};

/// Where the programs are.
#[derive(Clone, Debug)]
pub struct Tools {
    /// QEMU, for the board's processor.
    pub qemu: PathBuf,
    /// tockloader, which puts TABs into a flash image.
    pub tockloader: PathBuf,
}

impl Tools {
    /// Looks for tockloader in the virtual environment under `artifacts`, then for
    /// both programs on the search path.
    pub fn find(artifacts: &Path, board: &Board) -> Result<Self, Error> {
        let emulator = board.emulator()?;
        let environment = artifacts.join("venv/bin/tockloader");
        let tockloader = if environment.is_file() {
            environment
        } else {
            on_search_path("tockloader", "run `make setup`")?
        };
        Ok(Self {
            qemu: on_search_path(
                emulator.program,
                &format!("install the Debian package {}", emulator.package),
            )?,
            tockloader,
        })
    }
}

fn on_search_path(program: &str, fix: &str) -> Result<PathBuf, Error> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| {
            Error::new(
                Class::Environment,
                format!("{program}: not found on PATH; {fix}"),
            )
        })
}
