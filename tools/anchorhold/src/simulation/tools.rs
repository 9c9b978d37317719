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
    /// Looks for both: tockloader with [`tockloader`], QEMU on the search path.
    pub fn find(artifacts: &Path, board: &Board) -> Result<Self, Error> {
        let emulator = board.emulator()?;
        Ok(Self {
            qemu: on_search_path(
                emulator.program,
                &format!("install the Debian package {}", emulator.package),
            )?,
            tockloader: tockloader(artifacts)?,
        })
    }
}

/// Looks for tockloader in the virtual environment under `artifacts`, then on the
/// search path.
pub fn tockloader(artifacts: &Path) -> Result<PathBuf, Error> {
    let environment = artifacts.join("venv/bin/tockloader");
    if environment.is_file() {
        return Ok(environment);
    }
    on_search_path("tockloader", "run `make setup`")
}

/// Looks for `program` on the search path; `fix` says what to do without it.
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
