//! `anchorhold seal --check`: whether a model fits a board, before anything is sealed.

use std::fs;
use std::path::Path;

use end_to_end::artifacts::{demo, repository};
use end_to_end::command::{anchorhold, Ended};
use end_to_end::model::int16_model;
use end_to_end::{scratch, vectors};
use serde_json::Value;

fn check(model: &Path, manifest: &Path, options: &str) -> Ended {
    let paths = [model, Path::new("--manifest"), manifest];
    let paths = paths.map(|path| path.to_str().unwrap());
    let words = ["seal"].into_iter().chain(paths);
    // Nothing is written, so that tests may share a directory.
    anchorhold(&repository(), words.chain(options.split(' ')))
}

#[test]
fn a_model_that_fits_is_described() {
    for board in ["opentitan", "nrf52840dk"] {
        let options = format!("--check {board} --json");
        let told = check(&demo("model.tflite"), &demo("model.toml"), &options).succeeded();
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["fits"], true);
        assert_eq!(told["board"], board);
        assert_eq!(told["operators"][0]["name"], "CONV_2D");
        for need in told["needs"].as_array().unwrap() {
            assert!(need["bytes"].as_u64() <= need["room"].as_u64(), "{need}");
        }
    }
    let told = check(
        &demo("model.tflite"),
        &demo("model.toml"),
        "--check opentitan",
    );
    assert!(told.succeeded().ends_with("\nfits: yes\n"));
}

// Shorter tiles are more of them, each with a tag of 16 bytes.
#[test]
fn a_model_that_does_not_fit_is_refused_with_the_reason() {
    let Some(models) = vectors::models() else {
        return;
    };
    let manifest = repository().join("tests/models/vww.toml");
    let options = "--check nrf52840dk --tile-bytes 256";
    let model = models.join("vww.tflite");
    let told = check(&model, &manifest, options);
    assert_eq!(told.code, Some(3));
    assert!(told.output.ends_with("\nfits: no\n"), "{}", told.output);
    assert_eq!(
        told.errors,
        format!(
            "anchorhold: {}: does not fit nrf52840dk: slot in flash: 250080 bytes, the limit is \
             241664; use longer tiles (tile-bytes), or make the model smaller\n",
            model.display()
        )
    );
}

// A model is given what it takes, and nothing else: the kernel does not convert tensors.
#[test]
fn the_sensor_must_give_what_the_model_takes() {
    let int16 = int16_model();
    let stated = |directory: &str, from: &str, to: &str| {
        let path = scratch::directory(directory).join("model.toml");
        let changed = int16.manifest.replace(from, to);
        assert_ne!(changed, int16.manifest);
        fs::write(&path, changed).unwrap();
        check(&int16.weights, &path, "--check opentitan").errors
    };
    let told = stated("preflight-int8", "\"int16-tensor\"", "\"tensor\"");
    assert!(
        told.ends_with(
            ": input: the model's input is int16, but sensor is \"tensor\"; state \
             \"int16-tensor\"\n"
        ),
        "{told}"
    );
    let sound = "\"microphone\"\nsamples = 480\nchannels = 1";
    let tensor = "\"int16-tensor\"\nsamples = 42\nchannels = 2";
    let told = stated("preflight-sound", tensor, sound);
    assert!(
        told.ends_with(
            ": input: the model's input is int16, but the features of a microphone are int8; \
             convert the model with int8 activations\n"
        ),
        "{told}"
    );
    let told = stated("preflight-labels", "\"first\", ", "");
    assert!(
        told.ends_with(": labels: 2 are named, the model has 3 outputs; name each once\n"),
        "{told}"
    );
}

// What `make bench` counts for the bare engine: model, Cortex-M4, RV32IMC.
#[test]
fn estimates_are_as_exact_as_they_say() {
    const COUNTED: [(&str, u64, u64); 3] = [
        ("kws", 5_252_520, 8_781_544),
        ("vww", 14_172_680, 21_112_447),
        ("ic", 17_181_800, 28_993_336),
    ];
    let Some(models) = vectors::models() else {
        return;
    };
    for (name, arm, riscv) in COUNTED {
        let model = models.join(name).with_extension("tflite");
        let manifest = repository().join("tests/models").join(name);
        for (board, counted) in [("nrf52840dk", arm), ("opentitan", riscv)] {
            let options = format!("--check {board} --json");
            let told = check(&model, &manifest.with_extension("toml"), &options).succeeded();
            let told: Value = serde_json::from_str(&told).unwrap();
            let estimate = told["inference_instructions"].as_u64().unwrap();
            let percent = told["estimate_error_percent"].as_u64().unwrap();
            assert!(
                estimate.abs_diff(counted) * 100 <= counted * percent,
                "{name} on {board}: {estimate} for {counted}"
            );
        }
    }
}
