//! Where somebody works with the command line: a model, keys and a device.

use std::fs;
use std::path::{Path, PathBuf};

use crate::artifacts::demo;
use crate::command::{anchorhold, Ended};
use crate::scratch;

/// A directory with a model, its manifest, keys and a device; `name` is the test's.
#[track_caller]
pub fn workplace(name: &str) -> PathBuf {
    let directory = scratch::directory(&format!("workplace-{name}"));
    for file in ["model.tflite", "model.toml"] {
        fs::copy(demo(file), directory.join(file)).expect("the demonstration's files");
    }
    for (file, password) in [
        ("password", "correct horse\n"),
        ("another", "battery staple\n"),
    ] {
        fs::write(directory.join(file), password).expect("a file in a new directory");
    }
    for arguments in [
        "keygen oem -o oem.der",
        "keygen publisher -o publisher.der",
        "keygen publisher -o locked.der --password-file password",
        "provision --oem oem.der --publisher publisher.der.pub -o device",
    ] {
        run(&directory, arguments).succeeded();
    }
    directory
}

/// Runs `anchorhold` in the workplace with the words of `arguments`.
#[track_caller]
pub fn run(directory: &Path, arguments: &str) -> Ended {
    anchorhold(directory, arguments.split(' '))
}

/// Seals with these words in place of the usual ones: `--manifest other.toml`, or a
/// first word that is the model.
#[track_caller]
pub fn seal(directory: &Path, model: &str, changes: &str) -> Ended {
    let mut options = vec![
        ("--manifest", "model.toml"),
        ("--publisher", "publisher.der"),
        ("--device", "device/record.cose"),
        ("--oem", "oem.der.pub"),
        ("-o", "sealed.tab"),
    ];
    let mut words = changes.split_whitespace();
    while let (Some(option), Some(value)) = (words.next(), words.next()) {
        match options.iter_mut().find(|(usual, _)| *usual == option) {
            Some(place) => place.1 = value,
            None => options.push((option, value)),
        }
    }
    let options = options
        .into_iter()
        .flat_map(|(option, value)| [option, value]);
    anchorhold(directory, ["seal", model].into_iter().chain(options))
}
