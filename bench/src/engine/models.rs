//! The reference models and their vectors, which are no part of the project.

use anchorhold_plan_compiler::{compile, CompiledPlan, Options};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A model, compiled.
#[derive(Clone)]
pub struct Model {
    /// Its short name.
    pub name: String,
    /// The plan.
    pub plan: CompiledPlan,
    /// Inputs, and what becomes of them.
    pub cases: Vec<Case>,
}

/// One input.
#[derive(Clone)]
pub struct Case {
    /// The input tensor.
    pub input: Vec<u8>,
    /// What the reference kernels make of it, two's complement.
    pub output: Vec<u8>,
    /// For each operator, the first 16 hexadecimal digits of its output's SHA-256.
    pub digests: Vec<String>,
}

/// All reference models; nothing, and a line that says so, where they are absent.
///
/// # Errors
/// A file that should be there is not, or makes no sense.
pub fn models() -> Result<Option<Vec<Model>>, String> {
    let shared = std::env::var_os("ANCHORHOLD_SHARED").map(PathBuf::from);
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared"));
    let folder = shared.unwrap_or_else(beside).join("models");
    let index = folder.join("vectors/index.json");
    if !index.exists() {
        eprintln!("SKIPPED: no reference models in {}", folder.display());
        return Ok(None);
    }
    let index: Value = serde_json::from_slice(&read(&index)?).map_err(|e| e.to_string())?;
    let names = ["kws", "vww", "ic", "ad", "micro_speech", "hello_world"];
    let models = names.iter().map(|name| model(&folder, name, &index[name]));
    models.collect::<Result<_, _>>().map(Some)
}

fn model(folder: &Path, name: &str, entry: &Value) -> Result<Model, String> {
    let tflite = read(&folder.join(format!("{name}.tflite")))?;
    let plan = compile(&tflite, &Options::default()).map_err(|e| format!("{name}: {e}"))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let case = |case: &Value| {
        let operators = list(&case["ops"]);
        Ok(Case {
            input: read(&folder.join("vectors").join(text(&case["in"])))?,
            output: read(&folder.join("vectors").join(text(&case["out"])))?,
            digests: operators.iter().map(|one| text(&one["sha256"])).collect(),
        })
    };
    let cases = list(&entry["cases"]);
    Ok(Model {
        name: name.to_owned(),
        plan,
        cases: cases.iter().map(case).collect::<Result<_, String>>()?,
    })
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}
