//! The reference models and their test vectors, which lie beside the repository, if
//! they are there at all.

use std::fs;
use std::path::PathBuf;

use crate::artifacts::repository;

/// The folder of the reference models, or `None`, which is said aloud.
pub fn models() -> Option<PathBuf> {
    let path = repository().join("../shared/models");
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there", path.display());
    None
}

/// The sound recordings called `names`, or `None`, which is said aloud.
pub fn sounds(names: &[&str]) -> Option<Vec<PathBuf>> {
    let folder = repository().join("../shared/samples");
    if !folder.is_dir() {
        eprintln!("SKIPPED: {} is not there", folder.display());
        return None;
    }
    let path = |name: &&str| folder.join(format!("{name}_1000ms.wav"));
    Some(names.iter().map(path).collect())
}

/// Input and output of case `number` of the model `name`.
#[track_caller]
pub fn case(name: &str, number: usize) -> (Vec<u8>, Vec<u8>) {
    let folder = repository().join("../shared/models/vectors");
    let read = |kind: &str| {
        let path = folder.join(format!("{name}.{number}.{kind}"));
        match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => panic!("{}: {error}", path.display()),
        }
    };
    (read("in"), read("out"))
}
