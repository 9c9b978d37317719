//! Where the images and programs under test are.

use std::path::{Path, PathBuf};

use anchorhold::board::Board;
use anchorhold::simulation::Tools;

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default()
}

/// The directory that `tools/build.sh` builds into.
pub fn target() -> PathBuf {
    repository().join("target")
}

/// The file at `path` below [`target`], which the build must have made.
#[track_caller]
pub fn built(path: &str) -> PathBuf {
    let path = target().join(path);
    assert!(
        path.is_file(),
        "{} is missing: run `make build` first",
        path.display()
    );
    path
}

/// The image of the board's kernel.
#[track_caller]
pub fn kernel(board: &Board) -> PathBuf {
    built(&format!("{}/kernel.bin", board.name))
}

/// The TAB of the application `name`.
#[track_caller]
pub fn tab(name: &str) -> PathBuf {
    built(&format!("tab/{name}.tab"))
}

/// QEMU for the board, and tockloader.
#[track_caller]
pub fn tools(board: &Board) -> Tools {
    match Tools::find(&target(), board) {
        Ok(tools) => tools,
        Err(error) => panic!("{error}"),
    }
}

/// The Python in which the COSE library of others is installed.
#[track_caller]
pub fn python() -> PathBuf {
    built("venv/bin/python")
}

/// A file of the demonstration's folder.
pub fn demo(path: &str) -> PathBuf {
    repository().join("demo/condition-monitor").join(path)
}
