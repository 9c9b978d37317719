//! Things that are slow to make, and are made once for all tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use anchorhold::hex;
use anchorhold_crypto::digest::{sha256, Sha256};

use crate::artifacts::target;

/// `target/tests/made/<name>`, a file or directory that `make` makes at the path that
/// it is given, unless it is there already. Tests may run at the same time, each in a
/// process of its own: the first to finish wins.
#[track_caller]
pub fn once(name: &str, make: impl FnOnce(&Path)) -> PathBuf {
    static SERIAL: AtomicU32 = AtomicU32::new(0);
    let directory = target().join("tests/made");
    let path = directory.join(name);
    if path.exists() {
        return path;
    }
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let workplace = directory.join(format!("unfinished-{}-{serial}", process::id()));
    if let Err(error) = fs::create_dir_all(&workplace) {
        panic!("{}: {error}", workplace.display());
    }
    let unfinished = workplace.join(name);
    make(&unfinished);
    let renamed = fs::rename(&unfinished, &path);
    let _ = fs::remove_dir_all(&workplace);
    if let (Err(error), false) = (renamed, path.exists()) {
        panic!("{}: {error}", path.display());
    }
    path
}

/// A short name for the contents of `files` and `texts`: the same contents, the same name.
#[track_caller]
pub fn digest_of(files: &[&Path], texts: &[&str]) -> String {
    let mut digest = Sha256::new();
    let mut add = |bytes: &[u8]| {
        digest.update(&(bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    };
    for file in files {
        match fs::read(file) {
            Ok(bytes) => add(&bytes),
            Err(error) => panic!("{}: {error}", file.display()),
        }
    }
    for text in texts {
        add(text.as_bytes());
    }
    hex::encode(&digest.finish()[..12])
}

/// A short name for these bytes.
pub fn digest_of_bytes(bytes: &[u8]) -> String {
    hex::encode(&sha256(bytes)[..12])
}
