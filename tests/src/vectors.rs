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
