//! The real inputs that mutants are made of.

use std::path::{Path, PathBuf};

use anchorhold_plan_compiler::{compile, Options};
use differential::instances::KINDS;
use tflite_writer::model::{classifier, int16_classifier, mixture};

/// Random operators of each kind.
const INSTANCES: u64 = 8;

/// `.tflite` files: the demonstration's, small networks, random operators of each kind, and the
/// reference models, which lie beside the repository, if they are there at all.
///
/// # Panics
/// The demonstration's model cannot be read.
pub fn models() -> Vec<Vec<u8>> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let demonstration = root.join("demo/condition-monitor/model.tflite");
    let mut models = vec![
        read(&demonstration),
        classifier().file(),
        mixture().file(),
        int16_classifier().file(),
    ];
    for kind in KINDS {
        models.extend((0..INSTANCES).map(|number| kind.instance(0, number).model));
    }
    let shared = root.join("../shared/models");
    let reference = files(&shared);
    if reference.is_empty() {
        eprintln!(
            "SKIPPED: no reference models in {}; mutating {} others",
            shared.display(),
            models.len()
        );
    }
    models.extend(reference.iter().map(|path| read(path)));
    models
}

/// The plans of those models.
///
/// # Panics
/// A model does not compile.
pub fn plans() -> Vec<Vec<u8>> {
    let plan = |model: &Vec<u8>| match compile(model, &Options::default()) {
        Ok(plan) => plan.bytes,
        Err(error) => panic!("a real model does not compile: {error}"),
    };
    models().iter().map(plan).collect()
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let is_model = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "tflite");
    let mut files: Vec<PathBuf> = paths.filter(is_model).collect();
    files.sort();
    files
}
