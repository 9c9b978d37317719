//! `anchorhold sim`, the demonstration's command, from its users' side.

use std::fs;
use std::path::{Path, PathBuf};

use end_to_end::artifacts::{demo, target};
use end_to_end::command::{anchorhold, Ended};
use end_to_end::model::{condition_monitor, Sealed};
use end_to_end::people::{device, oem, Device};
use end_to_end::scratch;
use serde_json::Value;

/// Runs a simulation of `device` with `model` in `directory`.
fn sim(directory: &Path, device: &Device, model: &Sealed, extra: &[&str]) -> Ended {
    let recording = demo("recordings/imbalance.csv");
    let (target, oem) = (target(), oem().public);
    let mut arguments: Vec<&std::ffi::OsStr> = vec!["sim".as_ref()];
    for (option, value) in [
        ("--artifacts", target.as_path()),
        ("--device", device.directory.as_path()),
        ("--oem", oem.as_path()),
        ("--model", model.tab.as_path()),
        ("--sensor", recording.as_path()),
    ] {
        arguments.extend([option.as_ref(), value.as_os_str()]);
    }
    arguments.extend(["--out".as_ref(), "run".as_ref()] as [&std::ffi::OsStr; 2]);
    arguments.extend(extra.iter().map(|word| std::ffi::OsStr::new(*word)));
    anchorhold(directory, arguments)
}

fn workplace(name: &str) -> PathBuf {
    scratch::directory(&format!("simulation-{name}"))
}

#[test]
fn answers_are_verified_and_kept() {
    let device = device("simulation");
    let model = condition_monitor().sealed(&[&device]);
    let directory = workplace("json");
    let output = sim(&directory, &device, &model, &["--answers", "3", "--json"]).succeeded();
    let lines: Vec<Value> = output
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let (totals, answers) = lines.split_last().unwrap();
    assert_eq!(
        (&totals["asked"], &totals["verified"]),
        (&3.into(), &3.into())
    );
    assert_eq!(answers.len(), 3);
    for (number, answer) in (1..).zip(answers) {
        assert_eq!(answer["result"]["label_text"], "imbalance");
        let token = format!("run/evidence/{number:04}.cose");
        let nonce = fs::read_to_string(directory.join(&token).with_extension("nonce")).unwrap();
        assert_eq!(answer["nonce"], nonce.trim());
        let record = device.record_file();
        let verified = anchorhold(
            &directory,
            [
                "verify".as_ref(),
                token.as_ref(),
                "--device".as_ref(),
                record.as_os_str(),
                "--nonce".as_ref(),
                nonce.trim().as_ref(),
                "--model".as_ref(),
                model.tab.as_os_str(),
                "--allow-development-keys".as_ref(),
                "--json".as_ref(),
            ],
        )
        .succeeded();
        assert_eq!(serde_json::from_str::<Value>(&verified).unwrap(), *answer);
    }
    // What is handed on holds no secret.
    assert!(!directory.join("run/otp.bin").exists());
    // A second run goes on where the first ended.
    let output = sim(&directory, &device, &model, &["--answers", "1", "--json"]).succeeded();
    let answer: Value = serde_json::from_str(output.lines().next().unwrap()).unwrap();
    assert!(answer["boot"].as_u64() > answers[0]["boot"].as_u64());
    assert!(answer["sequence"].as_u64() > answers[2]["sequence"].as_u64());
    assert!(directory.join("run/evidence/0004.cose").exists());
}

#[test]
fn a_model_for_another_device_is_an_error() {
    let device = device("simulation");
    let other = end_to_end::people::device("simulation-other");
    let model = condition_monitor().sealed(&[&other]);
    let directory = workplace("other");
    let ended = sim(&directory, &device, &model, &["--answers", "1"]);
    assert_eq!(ended.code, Some(5), "{}", ended.errors);
    let reason = "vault: refused package at 0x20080000: no ticket for this device (status 8)";
    assert!(
        ended.errors.contains("the device answers NODEVICE"),
        "{}",
        ended.errors
    );
    assert!(ended.errors.contains(reason), "{}", ended.errors);
}

#[test]
fn another_devices_state_is_not_taken_over() {
    let one = device("simulation");
    let other = device("simulation-other");
    let model = condition_monitor().sealed(&[&one, &other]);
    let directory = workplace("state");
    sim(&directory, &one, &model, &["--answers", "1"]).succeeded();
    sim(&directory, &other, &model, &["--answers", "1"]).failed(
        2,
        "run: holds the state of another device; give another directory",
    );
}

#[test]
fn what_is_missing_is_named() {
    let device = device("simulation");
    let model = condition_monitor().sealed(&[&device]);
    let directory = workplace("missing");
    sim(&directory, &device, &model, &["--sensor", "none.csv"]).failed(
        3,
        "none.csv: cannot be opened: No such file or directory (os error 2)",
    );
    fs::write(directory.join("bad.csv"), "x_mg,y_mg,z_mg\n1,2,3\n1,2\n").unwrap();
    sim(&directory, &device, &model, &["--sensor", "bad.csv"])
        .failed(3, "bad.csv: line 3: three values are needed");
    sim(&directory, &device, &model, &["--app", "none.tab"])
        .failed(3, "none.tab: no such file; give a TAB");
}
