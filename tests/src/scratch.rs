//! Directories for the tests' files.

use std::fs;
use std::path::PathBuf;

use crate::artifacts::target;

/// An empty directory `target/tests/<name>`. It stays when the test is over, for a look
/// at what a failed one left.
#[track_caller]
pub fn directory(name: &str) -> PathBuf {
    let path = target().join("tests").join(name);
    let _ = fs::remove_dir_all(&path);
    if let Err(error) = fs::create_dir_all(&path) {
        panic!("{}: {error}", path.display());
    }
    path
}
