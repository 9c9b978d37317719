//! Reference models, operator by operator, against the reference kernels' bits.
//!
//! The models are no part of the project: without them this test says that it
//! skips. `ANCHORHOLD_SHARED` names the folder that holds `models/`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use anchorhold_engine::Observer;
use anchorhold_plan_compiler::{compile, run, Options};
use sha2::{Digest, Sha256};

/// Collects the first 16 hexadecimal digits of every output's SHA-256.
#[derive(Default)]
struct Digests(Vec<String>);

impl Observer for Digests {
    fn operator(&mut self, index: usize, output: &[u8]) {
        assert_eq!(index, self.0.len());
        let mut digits = String::new();
        for byte in &Sha256::digest(output)[..8] {
            write!(digits, "{byte:02x}").unwrap();
        }
        self.0.push(digits);
    }
}

fn models() -> Option<PathBuf> {
    let shared = std::env::var_os("ANCHORHOLD_SHARED").map(PathBuf::from);
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let models = shared.unwrap_or_else(beside).join("models");
    if models.join("vectors/index.json").exists() {
        return Some(models);
    }
    // Past the test harness, which keeps what passing tests print.
    let mut stderr = std::io::stderr();
    let _ = writeln!(
        stderr,
        "SKIPPED: no reference models in {}",
        models.display()
    );
    None
}

fn int8(bytes: Vec<u8>) -> Vec<i8> {
    bytes.into_iter().map(|byte| byte as i8).collect()
}

fn check(name: &str, tile_lengths: &[usize]) {
    let Some(models) = models() else { return };
    let read = |file: &str| std::fs::read(models.join(file)).unwrap();
    let index: serde_json::Value = serde_json::from_slice(&read("vectors/index.json")).unwrap();
    let plan = compile(&read(&format!("{name}.tflite")), &Options::default()).unwrap();
    let report = &plan.report;
    eprintln!(
        "{name}: {} multiply-accumulates, plan {}, resident {}, arena {}, row {}",
        report.multiply_accumulates(),
        report.plan_bytes,
        report.resident_bytes,
        report.arena_bytes,
        report.row_bytes,
    );
    let cases = index[name]["cases"].as_array().unwrap();
    assert!(!cases.is_empty());
    for (number, case) in cases.iter().enumerate() {
        let vector = |key: &str| int8(read(&format!("vectors/{}", case[key].as_str().unwrap())));
        for tile_length in tile_lengths {
            let mut digests = Digests::default();
            let output = run(&plan.bytes, &vector("in"), *tile_length, &mut digests).unwrap();
            let operators = case["ops"].as_array().unwrap();
            assert_eq!(digests.0.len(), operators.len());
            for (at, (found, expected)) in digests.0.iter().zip(operators).enumerate() {
                let kind = expected["op"].as_str().unwrap();
                assert_eq!(kind, report.operators[at].name);
                let expected = expected["sha256"].as_str().unwrap();
                assert_eq!(
                    found, expected,
                    "{name}, case {number}, operator {at} ({kind}), tiles of {tile_length} (0: none)"
                );
            }
            assert_eq!(output, vector("out"));
        }
    }
}

#[test]
fn hello_world() {
    check("hello_world", &[0, 256, 1024, 4096]);
}

#[test]
fn micro_speech() {
    check("micro_speech", &[0, 256, 1024, 4096]);
}

#[test]
fn keyword_spotting() {
    check("kws", &[0, 256, 1024, 4096]);
}

#[test]
fn anomaly_detection() {
    check("ad", &[0, 256, 1024, 4096]);
}

#[test]
fn image_classification() {
    check("ic", &[0, 256, 1024, 4096]);
}

#[test]
fn visual_wake_words() {
    check("vww", &[0, 1024]);
}
