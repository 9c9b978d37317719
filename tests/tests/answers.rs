//! The whole way of an answer: samples, sealed model, signed token, on a real image.

use anchorhold::hex;
use anchorhold::simulation::transport::Reply;
use anchorhold_evidence::{DebugStatus, InputSource, ReplayGuard, ResultStatus, SelfTest};
use anchorhold_policy::InputStatus;
use anchorhold_provisioning::KeyTier;
use end_to_end::answer::numbers_grow;
use end_to_end::board::Setup;
use end_to_end::model::{condition_monitor, Sealed};
use end_to_end::people::{device, Device};
use end_to_end::recordings::{demonstration, WINDOW};
use end_to_end::target::Target;

end_to_end::on_every_board! {
    every_recording_is_classified,
    troubled_sensors_are_told,
    a_silent_sensor_is_told,
    an_attestation_lists_what_runs,
    only_proper_nonces_are_answered,
}

/// ShortId of the reader application.
const READER: u32 = 0x1002;
/// Windows in a recording of the demonstration.
const WINDOWS: usize = 4;

fn board(name: &str, device: &Device, model: &Sealed) -> Setup {
    Setup::new(name, device).usual_applications().model(model)
}

fn every_recording_is_classified(target: &'static Target) {
    let device = device(target, "answers");
    let model = condition_monitor().sealed(&[&device]);
    let recordings = ["normal", "imbalance", "looseness", "bearing-fault"];
    let board = board("answers", &device, &model)
        .senses(demonstration(&recordings))
        .install();
    let mut running = board.boot().ready();
    let answers: Vec<_> = (0..WINDOWS * recordings.len())
        .map(|_| running.ask())
        .collect();
    let labels: Vec<_> = answers.iter().map(|answer| answer.label()).collect();
    assert_eq!(labels, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);

    let mut guard = ReplayGuard::new(None);
    numbers_grow(&mut guard, &answers);
    let identity = model.identity();
    for (number, answer) in answers.iter().enumerate() {
        let claims = answer.claims();
        assert_eq!(claims.model.unwrap(), identity);
        let input = claims.input.unwrap();
        assert_eq!(input.source, InputSource::Accelerometer);
        assert_eq!(input.first_sample, (number * WINDOW) as u64);
        assert_eq!(input.samples as usize, WINDOW);
        assert_eq!(input.status, InputStatus::Accepted);
        assert_eq!(claims.requester, READER);
        assert_eq!(claims.key_tier, KeyTier::Development);
        assert_eq!(claims.self_test, SelfTest::Passed);
        // An emulator has an open debug port, and says so.
        assert_eq!(claims.debug, DebugStatus::Enabled);
        assert!(answer.score_bucket().unwrap() < 4);
    }
    // Equal windows would have equal commitments if the counter were not in them.
    let mut commitments: Vec<_> = answers
        .iter()
        .map(|answer| answer.claims().input.unwrap().commitment)
        .collect();
    commitments.sort_unstable();
    commitments.dedup();
    assert_eq!(commitments.len(), answers.len());

    drop(running);
    let mut running = board.boot().ready();
    let again = running.ask();
    numbers_grow(&mut guard, [&again]);
    assert_eq!(again.label(), 0);
    assert!(again.counter().boot > answers[0].counter().boot);
    let (before, after) = (answers[0].claims(), again.claims());
    assert_eq!(before.boot_measurement, after.boot_measurement);
    let (before, after) = (before.input.unwrap(), after.input.unwrap());
    assert_ne!(before.commitment, after.commitment);
}

// P3 and design 11, sensor: a device whose sensor is in trouble says so, signed,
// rather than guess.
fn troubled_sensors_are_told(target: &'static Target) {
    let device = device(target, "answers");
    let model = condition_monitor().sealed(&[&device]);
    let recordings = ["flat-line", "zeros", "saturated", "out-of-range"];
    let verdicts = [
        InputStatus::FlatLine,
        InputStatus::TooManyZeros,
        InputStatus::Saturated,
        InputStatus::OutOfRange,
    ];
    let board = board("answers-trouble", &device, &model)
        .senses(demonstration(&recordings))
        .install();
    let mut running = board.boot().ready();
    for verdict in verdicts {
        for _ in 0..WINDOWS {
            let answer = running.ask();
            assert_eq!(answer.status(), ResultStatus::InputRejected);
            assert_eq!(answer.claims().input.unwrap().status, verdict);
            assert_eq!(answer.score_bucket(), None);
        }
    }
}

// Design 11, sensor: silent.
fn a_silent_sensor_is_told(target: &'static Target) {
    let device = device(target, "answers");
    let model = condition_monitor().sealed(&[&device]);
    let board = board("answers-silent", &device, &model)
        .senses(demonstration(&["normal"]))
        .install();
    let mut running = board.boot().ready();
    for _ in 0..WINDOWS {
        assert_eq!(running.ask().label(), 0);
    }
    for _ in 0..2 {
        let answer = running.ask();
        assert_eq!(answer.status(), ResultStatus::InputRejected);
        let input = answer.claims().input.unwrap();
        assert_eq!((input.status, input.samples), (InputStatus::Silent, 0));
    }
}

// P11: all that runs is measured, and a verifier can recompute the sum.
fn an_attestation_lists_what_runs(target: &'static Target) {
    let device = device(target, "answers");
    let model = condition_monitor().sealed(&[&device]);
    let board = board("answers-attest", &device, &model)
        .senses(demonstration(&["normal"]))
        .install();
    let mut running = board.boot().ready();
    let answer = running.ask();
    let attestation = running.attest();
    let evidence = attestation.evidence();
    let names: Vec<_> = evidence
        .measurements
        .iter()
        .map(|entry| entry.name)
        .collect();
    assert_eq!(names, ["kernel", "rights", "inference", "reader"]);
    assert_eq!(evidence.claims.outcome, None);
    assert_eq!(evidence.claims.input, None);
    assert_eq!(evidence.claims.self_test, SelfTest::Passed);
    numbers_grow(&mut ReplayGuard::new(None), [&answer, &attestation]);

    let mut sum = anchorhold_crypto::digest::Sha256::new();
    for entry in evidence.measurements.iter() {
        sum.update(&[entry.name.len() as u8]);
        sum.update(entry.name.as_bytes());
        sum.update(&entry.digest);
    }
    let sum = sum.finish();
    assert_eq!(evidence.claims.boot_measurement, sum);
    assert_eq!(answer.claims().boot_measurement, sum);

    // What tockloader put into flash is what was measured.
    let flash = board.flash();
    for (name, address) in [("inference", target.inference), ("reader", target.reader)] {
        let offset = target.in_flash(address);
        let length = u32::from_le_bytes(flash[offset + 4..offset + 8].try_into().unwrap());
        let tbf = &flash[offset..offset + length as usize];
        let measured = evidence
            .measurements
            .iter()
            .find(|entry| entry.name == name);
        let digest = anchorhold_crypto::digest::sha256(tbf);
        assert_eq!(measured.unwrap().digest, digest);
    }
}

// Design 13: a status call that takes the caller's word for a length.
fn only_proper_nonces_are_answered(target: &'static Target) {
    let device = device(target, "answers");
    let model = condition_monitor().sealed(&[&device]);
    let board = board("answers-nonces", &device, &model)
        .senses(demonstration(&["normal"]))
        .install();
    let mut running = board.boot().ready();
    for (line, error) in [
        ("nonce ".to_owned(), "SIZE"),
        (format!("nonce {}", "00".repeat(7)), "SIZE"),
        (format!("nonce {}", "00".repeat(65)), "SIZE"),
        (format!("nonce {}", "00".repeat(3000)), "SIZE"),
        (format!("attest {}", "00".repeat(7)), "SIZE"),
        ("nonce 00112233445566778".to_owned(), "INVALID"),
        ("nonce 00112233445566zz".to_owned(), "INVALID"),
        ("sign 0011223344556677".to_owned(), "NOSUPPORT"),
    ] {
        running.send(&line);
        assert_eq!(running.reply(), Reply::Refused(error.into()), "{line}");
    }
    for length in [8, 64] {
        let nonce = vec![0x5a; length];
        running.send(&format!("nonce {}", hex::encode(&nonce)));
        let answer = running.answer(nonce.clone());
        assert_eq!(answer.claims().nonce, nonce);
    }
}
