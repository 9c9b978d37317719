//! The reference models and their test vectors, which lie beside the repository, if
//! they are there at all.

use std::fs;
use std::path::PathBuf;

use crate::artifacts::repository;

/// The folder `name` of what is no part of the project: beside the repository, or where
/// `ANCHORHOLD_SHARED` says.
fn shared(name: &str) -> PathBuf {
    let shared = std::env::var_os("ANCHORHOLD_SHARED").map(PathBuf::from);
    shared
        .unwrap_or_else(|| repository().join("../shared"))
        .join(name)
}

/// That folder, or `None`, which is said aloud.
fn existing(name: &str) -> Option<PathBuf> {
    let path = shared(name);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there", path.display());
    None
}

/// The folder of the reference models, or `None`, which is said aloud.
pub fn models() -> Option<PathBuf> {
    existing("models")
}

/// The sound recordings called `names`, or `None`, which is said aloud.
pub fn sounds(names: &[&str]) -> Option<Vec<PathBuf>> {
    let folder = existing("samples")?;
    let path = |name: &&str| folder.join(format!("{name}_1000ms.wav"));
    Some(names.iter().map(path).collect())
}

/// Input and output of case `number` of the model `name`.
#[track_caller]
pub fn case(name: &str, number: usize) -> (Vec<u8>, Vec<u8>) {
    let folder = shared("models").join("vectors");
    let read = |kind: &str| {
        let path = folder.join(format!("{name}.{number}.{kind}"));
        match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => panic!("{}: {error}", path.display()),
        }
    };
    (read("in"), read("out"))
}
