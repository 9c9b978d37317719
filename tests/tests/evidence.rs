//! P4 and P5 as a relying party sees them: what it believes, and what it does not.

use std::fs;
use std::path::{Path, PathBuf};

use anchorhold::hex;
use anchorhold_evidence::{ReplayGuard, Token, VerifyError};
use end_to_end::answer::Answer;
use end_to_end::artifacts::{python, repository};
use end_to_end::board::Setup;
use end_to_end::command::{anchorhold, run, Ended};
use end_to_end::model::condition_monitor;
use end_to_end::people::{device, oem, other_oem, Device};
use end_to_end::recordings::demonstration;
use end_to_end::target::Target;

end_to_end::on_every_board! {
    every_changed_byte_is_noticed,
    only_the_asked_device_answers_and_only_once,
    the_command_line_says_why_it_refuses,
    another_cose_library_agrees,
}

/// Two answers of `device`'s, and an attestation.
fn answers(name: &str, device: &Device) -> (PathBuf, [Answer; 3]) {
    let board = Setup::new(name, device)
        .usual_applications()
        .model(&condition_monitor().sealed(&[device]))
        .senses(demonstration(&["normal"]))
        .install();
    let mut running = board.boot().ready();
    let answers = [running.ask(), running.ask(), running.attest()];
    (board.path().to_owned(), answers)
}

/// `anchorhold verify token.cose` with these arguments beside token, device and nonce.
fn verify(directory: &Path, device: &Device, answer: &Answer, extra: &[&str]) -> Ended {
    let record = device.record_file();
    let nonce = hex::encode(&answer.nonce);
    let mut arguments = vec!["verify", "token.cose", "--device", record.to_str().unwrap()];
    arguments.extend(["--nonce", &nonce]);
    arguments.extend(extra);
    anchorhold(directory, arguments)
}

// A token has no byte that may be changed.
fn every_changed_byte_is_noticed(target: &'static Target) {
    let device = device(target, "evidence");
    let (_, answers) = answers("evidence-flips", &device);
    for answer in &answers {
        for index in 0..answer.token.len() {
            let mut token = answer.token.clone();
            token[index] ^= 1 << (index % 8);
            assert!(
                device.verify(&token, &answer.nonce).is_err(),
                "byte {index} of {}",
                hex::encode(&answer.token)
            );
        }
        for length in 0..answer.token.len() {
            assert!(device
                .verify(&answer.token[..length], &answer.nonce)
                .is_err());
        }
        let longer = [&answer.token[..], &[0]].concat();
        assert!(device.verify(&longer, &answer.nonce).is_err());
    }
}

fn only_the_asked_device_answers_and_only_once(target: &'static Target) {
    let (one, other) = (device(target, "evidence"), device(target, "evidence-other"));
    let (_, answers) = answers("evidence-replay", &one);
    let [first, second, _] = &answers;
    let refusal = |device: &Device, token: &[u8], nonce: &[u8]| device.verify(token, nonce).err();
    assert_eq!(
        refusal(&one, &first.token, &second.nonce),
        Some(VerifyError::WrongNonce)
    );
    assert_eq!(
        refusal(&other, &first.token, &first.nonce),
        Some(VerifyError::WrongDevice)
    );
    let mut guard = ReplayGuard::new(None);
    let counter = |answer: &Answer| {
        Token::parse(&answer.token)
            .unwrap()
            .unverified_claims()
            .counter
    };
    assert!(guard.accept(counter(first)).is_ok());
    assert!(guard.accept(counter(first)).is_err());
    assert!(guard.accept(counter(second)).is_ok());
    assert!(guard.accept(counter(first)).is_err());
}

fn the_command_line_says_why_it_refuses(target: &'static Target) {
    let (one, other) = (device(target, "evidence"), device(target, "evidence-other"));
    let (directory, answers) = answers("evidence-command", &one);
    let [first, second, _] = &answers;
    fs::write(directory.join("token.cose"), &first.token).unwrap();
    let oem_key = oem().public;
    let allowed = [
        "--allow-development-keys",
        "--oem",
        oem_key.to_str().unwrap(),
    ];

    let output = verify(&directory, &one, first, &allowed).succeeded();
    assert!(output.starts_with("verified\n"), "{output}");
    verify(&directory, &one, first, &allowed[1..]).failed(
        5,
        "token.cose: the device has development keys, which anyone may know: allow them only for tests",
    );
    verify(&directory, &one, second, &allowed).failed(
        5,
        "token.cose: the token answers another challenge: give the nonce that was sent, or ask again",
    );
    verify(&directory, &other, first, &allowed).failed(
        5,
        "token.cose: the token is from another device: give the record of the device that answered",
    );
    let stranger = other_oem().public;
    let ended = verify(
        &directory,
        &one,
        first,
        &[
            "--allow-development-keys",
            "--oem",
            stranger.to_str().unwrap(),
        ],
    );
    assert_eq!(ended.code, Some(5));
    assert!(ended.errors.contains("record.cose: "), "{}", ended.errors);

    let other_model = condition_monitor().version(2).sealed(&[&one]).tab;
    let model = ["--model", other_model.to_str().unwrap()];
    let ended = verify(&directory, &one, first, &[&allowed[..], &model].concat());
    assert_eq!(ended.code, Some(5), "{}", ended.output);
    assert!(
        ended.errors.contains("another model answered"),
        "{}",
        ended.errors
    );

    // A record whose evidence key somebody exchanged for one of their own: the OEM's
    // name is in it, and only the signature tells.
    let mut record = fs::read(one.record_file()).unwrap();
    let (own, foreign) = (one.record().evidence_key, other.record().evidence_key);
    let at = record
        .windows(64)
        .position(|bytes| bytes == own.as_bytes())
        .unwrap();
    record[at..at + 64].copy_from_slice(foreign.as_bytes());
    fs::write(directory.join("forged.cose"), &record).unwrap();
    let nonce = hex::encode(&first.nonce);
    let arguments = [
        "verify",
        "token.cose",
        "--device",
        "forged.cose",
        "--nonce",
        &nonce,
    ];
    anchorhold(&directory, [&arguments[..], &allowed].concat()).failed(
        5,
        "forged.cose: the record's signature does not verify; ask the OEM for the record and its public key",
    );

    let mut changed = first.token.clone();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    fs::write(directory.join("token.cose"), &changed).unwrap();
    verify(&directory, &one, first, &allowed).failed(
        5,
        "token.cose: the signature does not verify: the token was changed, or the device record is out of date",
    );
    fs::write(directory.join("token.cose"), &first.token[..100]).unwrap();
    let ended = verify(&directory, &one, first, &allowed);
    assert_eq!(ended.code, Some(5));
    let expected = "anchorhold: token.cose: the token is malformed at byte ";
    assert!(ended.errors.starts_with(expected), "{}", ended.errors);
}

// Evidence is a standard format: a library that we did not write reads it.
fn another_cose_library_agrees(target: &'static Target) {
    let device = device(target, "evidence");
    let (directory, answers) = answers("evidence-pycose", &device);
    let script = repository().join("tests/pycose_verify.py");
    let key = hex::encode(device.record().evidence_key.as_bytes());
    let pycose = |token: &[u8]| {
        fs::write(directory.join("token.cose"), token).unwrap();
        let arguments = [script.as_os_str(), "token.cose".as_ref(), key.as_ref()];
        run(&python(), &directory, arguments)
    };
    for answer in &answers {
        let nonce = pycose(&answer.token).succeeded();
        assert_eq!(nonce.trim(), hex::encode(&answer.nonce));
        let mut changed = answer.token.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        let refused = pycose(&changed);
        assert_eq!(refused.code, Some(1), "{}", refused.errors);
        assert!(refused.errors.contains("the signature does not verify"));
    }
}
