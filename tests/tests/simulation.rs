//! `anchorhold sim`, the demonstration's command, from its users' side.

use std::fs;
use std::path::{Path, PathBuf};

use anchorhold::board::{Board, BOARDS};
use anchorhold::tab;
use end_to_end::artifacts::{self, demo};
use end_to_end::command::{anchorhold, Ended};
use end_to_end::model::{condition_monitor, Sealed};
use end_to_end::people::{device, oem, Device};
use end_to_end::scratch;
use end_to_end::target::Target;
use serde_json::Value;

end_to_end::on_every_board! {
    answers_are_verified_and_kept,
    a_model_for_another_device_is_an_error,
    another_devices_state_is_not_taken_over,
    what_is_missing_is_named,
    real_boards_get_the_same_tabs,
}

/// Runs a simulation of `device` with `model` in `directory`.
fn sim(directory: &Path, device: &Device, model: &Sealed, extra: &[&str]) -> Ended {
    let recording = demo("recordings/imbalance.csv");
    let (target, oem) = (artifacts::target(), oem().public);
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

fn workplace(target: &Target, name: &str) -> PathBuf {
    scratch::directory(&format!("{}/simulation-{name}", target.board.name))
}

fn answers_are_verified_and_kept(target: &'static Target) {
    let device = device(target, "simulation");
    let model = condition_monitor().sealed(&[&device]);
    let directory = workplace(target, "json");
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

fn a_model_for_another_device_is_an_error(target: &'static Target) {
    let device = device(target, "simulation");
    let other = end_to_end::people::device(target, "simulation-other");
    let model = condition_monitor().sealed(&[&other]);
    let directory = workplace(target, "other");
    let ended = sim(&directory, &device, &model, &["--answers", "1"]);
    assert_eq!(ended.code, Some(5), "{}", ended.errors);
    let reason = format!(
        "vault: refused package at {:#x}: no ticket for this device (status 8)",
        target.model_slot()
    );
    assert!(
        ended.errors.contains("the device answers NODEVICE"),
        "{}",
        ended.errors
    );
    assert!(ended.errors.contains(&reason), "{}", ended.errors);
}

fn another_devices_state_is_not_taken_over(target: &'static Target) {
    let one = device(target, "simulation");
    let other = device(target, "simulation-other");
    let model = condition_monitor().sealed(&[&one, &other]);
    let directory = workplace(target, "state");
    sim(&directory, &one, &model, &["--answers", "1"]).succeeded();
    sim(&directory, &other, &model, &["--answers", "1"]).failed(
        2,
        "run: holds the state of another device; give another directory",
    );
}

fn what_is_missing_is_named(target: &'static Target) {
    let device = device(target, "simulation");
    let model = condition_monitor().sealed(&[&device]);
    let directory = workplace(target, "missing");
    sim(&directory, &device, &model, &["--sensor", "none.csv"])
        .failed(3, "none.csv: no such file; check its name and directory");
    fs::write(directory.join("bad.csv"), "x_mg,y_mg,z_mg\n1,2,3\n1,2\n").unwrap();
    sim(&directory, &device, &model, &["--sensor", "bad.csv"])
        .failed(3, "bad.csv: line 3: three values are needed");
    let other = if target.board.name == "opentitan" {
        "mps2_an386"
    } else {
        "opentitan"
    };
    let of_other = format!(
        "--board {other}: the device is of board {}; leave the option out, or give another device",
        target.board.name
    );
    sim(&directory, &device, &model, &["--board", other]).failed(2, &of_other);
    sim(&directory, &device, &model, &["--app", "none.tab"])
        .failed(3, "none.tab: no such file; give a TAB");
}

/// The lines of `text` that name a TAB and its SHA-256, without what comes before.
fn digests<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    let lines = text.lines();
    lines.filter_map(|line| line.strip_prefix(before)).collect()
}

/// The part of a TBF's header with its length, which tockloader makes a power of two on
/// Arm; what is signed has such a length already.
const BASE_HEADER: usize = 16;

/// Whether the binary that `tab` has for the board is in `flash`.
fn is_installed(tab: &Path, flash: &[u8], target: &Target) -> bool {
    let entries = tab::unpack(&fs::read(tab).unwrap()).unwrap();
    let is_for_it = |entry: &&tab::Entry| entry.architecture() == target.board.family.architecture;
    let entry = entries.iter().find(is_for_it).expect("a binary for it");
    let binary = &entry.tbf[BASE_HEADER..];
    flash.windows(binary.len()).any(|place| place == binary)
}

// What ran here is, byte for byte, what goes on a board.
fn real_boards_get_the_same_tabs(target: &'static Target) {
    let device = device(target, "simulation");
    let model = condition_monitor().sealed(&[&device]);
    let directory = workplace(target, "tabs");
    sim(&directory, &device, &model, &["--answers", "1"]).succeeded();
    let ran = fs::read_to_string(directory.join("run/tabs.sha256")).unwrap();
    let ran = digests(&ran, "");
    assert_eq!(ran.len(), 3);
    let flash = fs::read(directory.join("run/flash.bin")).unwrap();
    for line in &ran {
        let (_, tab) = line.split_once("  ").unwrap();
        let tab = directory.join(tab);
        assert!(is_installed(&tab, &flash, target), "{}", tab.display());
    }

    let is_its_twin =
        |board: &&&Board| board.family == target.board.family && board.programmer().is_ok();
    let real = BOARDS.iter().find(is_its_twin).expect("a real board");
    let output = anchorhold(
        &directory,
        [
            "flash".as_ref(),
            "--dry-run".as_ref(),
            "--board".as_ref(),
            real.name.as_ref(),
            "--artifacts".as_ref(),
            artifacts::target().as_os_str(),
            "--model".as_ref(),
            model.tab.as_os_str(),
        ],
    )
    .succeeded();
    assert_eq!(digests(&output, "# SHA-256 "), ran);
    let install = format!("install --board {} ", target.board.family.tockloader);
    let commands = digests(&output, "").into_iter().skip(3);
    let installed: Vec<_> = commands.filter(|line| line.contains(&install)).collect();
    assert_eq!(installed.len(), 1, "{output}");
    for line in ran {
        let (_, tab) = line.split_once("  ").unwrap();
        assert!(installed[0].contains(tab), "{output}");
    }
}
