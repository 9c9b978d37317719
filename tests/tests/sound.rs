//! From sound to signed answer: keywords that others recorded, and tones that need
//! nothing from elsewhere.

use anchorhold::hex;
use anchorhold::model_input::features;
use anchorhold::simulation::recording::Recording;
use anchorhold_audio_frontend::{frames, CHANNELS, FRAME_SAMPLES};
use anchorhold_crypto::digest::sha256;
use anchorhold_evidence::{InputSource, ResultStatus, SelfTest};
use anchorhold_policy::InputStatus;
use end_to_end::board::Setup;
use end_to_end::made;
use end_to_end::model::{listener, Model};
use end_to_end::people::device;
use end_to_end::recordings::samples;
use end_to_end::search::Secret;
use end_to_end::target::{Target, MPS2_AN386};
use end_to_end::vectors;
use std::f64::consts::TAU;
use std::path::PathBuf;
use tflite_writer::flatbuffer::Value;
use tflite_writer::model::{activation, biases, single, weights};
use tflite_writer::Random;

end_to_end::on_every_board! {
    keywords_are_answered,
    tones_are_told_apart,
    a_troubled_microphone_is_told,
    no_sound_is_left,
}

/// Samples in a window.
const WINDOW: usize = 16_000;
/// What is recorded, and what TensorFlow Lite Micro's own test expects of each: labels of
/// `models/micro_speech.toml`.
const RECORDINGS: [(&str, u8); 4] = [("yes", 2), ("no", 3), ("silence", 0), ("noise", 0)];
/// By how many of 256 steps the model prefers these labels to all others. It is least sure
/// of silence, on which every implementation with the same bits agrees.
const MARGINS: [i32; 4] = [255, 228, 26, 245];

/// The recordings, or `None` where they are not there.
fn recorded() -> Option<Vec<PathBuf>> {
    vectors::sounds(&RECORDINGS.map(|(name, _)| name))
}

fn micro_speech() -> Option<Model> {
    let weights = vectors::models()?.join("micro_speech.tflite");
    Some(listener(&weights, "micro_speech.toml"))
}

fn read(paths: &[PathBuf]) -> Recording {
    match Recording::read(paths) {
        Ok(recording) => recording,
        Err(error) => panic!("{error}"),
    }
}

/// The samples of a recording of sound.
fn heard(recording: &Recording) -> Vec<i16> {
    let bytes = samples(recording);
    bytes
        .as_chunks()
        .0
        .iter()
        .copied()
        .map(i16::from_le_bytes)
        .collect()
}

/// The features of 30 ms of two recordings, as TensorFlow Lite Micro's test of its
/// `micro_speech` example states them.
#[test]
fn features_are_those_that_the_model_was_made_for() {
    const NO: (usize, [i8; CHANNELS]) = (
        8960,
        [
            126, 103, 124, 102, 124, 102, 123, 100, 118, 97, 118, 100, 118, 98, 121, 100, 121, 98,
            117, 91, 96, 74, 54, 87, 100, 87, 109, 92, 91, 80, 64, 55, 83, 74, 74, 78, 114, 95,
            101, 81,
        ],
    );
    const YES: (usize, [i8; CHANNELS]) = (
        8000,
        [
            124, 105, 126, 103, 125, 101, 123, 100, 116, 98, 115, 97, 113, 90, 91, 82, 104, 96,
            117, 97, 121, 103, 126, 101, 125, 104, 126, 104, 125, 101, 116, 90, 81, 74, 80, 71, 83,
            76, 82, 71,
        ],
    );
    let Some(paths) = recorded() else {
        return;
    };
    for (path, (start, expected)) in paths.iter().zip([YES, NO]) {
        let sound = heard(&read(std::slice::from_ref(path)));
        assert_eq!(features(&sound[start..start + FRAME_SAMPLES]), expected);
    }
}

#[test]
fn keywords_are_recognised() {
    let (Some(model), Some(paths)) = (micro_speech(), recorded()) else {
        return;
    };
    let plan = model.plan();
    for ((path, (name, label)), margin) in paths.iter().zip(RECORDINGS).zip(MARGINS) {
        let input = features(&heard(&read(std::slice::from_ref(path))));
        let output = anchorhold_plan_compiler::run(&plan.bytes, &input, 1024, &mut ());
        let scores = output.expect("a run on this computer");
        let others = scores.iter().enumerate();
        let others = others.filter(|(other, _)| *other != usize::from(label));
        let next = others.map(|(_, score)| i32::from(*score)).max().unwrap();
        let best = i32::from(scores[usize::from(label)]);
        assert_eq!(best - next, margin, "{name}: {scores:?}");
    }
}

fn keywords_are_answered(target: &'static Target) {
    let (Some(model), Some(paths)) = (micro_speech(), recorded()) else {
        return;
    };
    let device = device(target, "sound");
    let sealed = model.sealed(&[&device]);
    let board = Setup::new("sound-keywords", &device)
        .usual_applications()
        .model(&sealed)
        .senses(read(&paths))
        .install();
    let mut running = board.boot().ready();
    for (number, (name, label)) in RECORDINGS.into_iter().enumerate() {
        let answer = running.ask();
        let claims = answer.claims();
        let input = claims.input.unwrap();
        assert_eq!(claims.self_test, SelfTest::Passed);
        assert_eq!(claims.model.unwrap(), sealed.identity());
        assert_eq!(input.source, InputSource::Microphone);
        assert_eq!(input.status, InputStatus::Accepted);
        assert_eq!(input.first_sample, (number * WINDOW) as u64);
        assert_eq!(input.samples as usize, WINDOW);
        assert_eq!(answer.label(), label, "{name}");
    }
}

/// A model that compares the lowest, the middle and the highest third of the channels
/// with the rest.
fn tone_model() -> Model {
    let inputs = frames(WINDOW) * CHANNELS;
    let weight = |third: usize| {
        move |at: usize| match (at % CHANNELS) * 3 / CHANNELS {
            own if own == third => 2,
            _ => -1,
        }
    };
    let values: Vec<i8> = (0..3)
        .flat_map(|third| (0..inputs).map(weight(third)))
        .collect();
    let tensors = vec![
        activation("features", &[1, inputs], 26.0 / 256.0, -128),
        weights(&[3, inputs], &values, &[3.0 / inputs as f32; 3], 0),
        biases(&[0; 3]),
        activation("thirds", &[1, 3], 26.0 / 256.0, 0),
    ];
    let options = vec![(0, Value::U8(0))];
    let file = single(9, options, tensors).file();
    let digest = hex::encode(&sha256(&file)[..12]);
    let path = made::once(&format!("tones-{digest}.tflite"), |path| {
        std::fs::write(path, &file).expect("a model");
    });
    listener(&path, "tones.toml")
}

/// A second of short chords from a frequency in hertz to twice that one, in a little
/// noise: a tone that stays would count as noise.
fn chords(frequency: f64) -> Vec<i16> {
    let mut random = Random::new(frequency as u64);
    (0..WINDOW)
        .map(|at| {
            let time = at as f64 / WINDOW as f64;
            let tone = |interval: f64| (interval * frequency * time * TAU).sin();
            let chord = tone(1.0) + tone(1.4) + tone(2.0);
            let loudness = if (time * 5.0).fract() < 0.4 {
                4000.0
            } else {
                0.0
            };
            let noise = random.below(5) as f64 - 2.0;
            (loudness * chord + noise) as i16
        })
        .collect()
}

/// One for each label of `models/tones.toml`.
fn tones() -> [Vec<i16>; 3] {
    [300.0, 1200.0, 3500.0].map(chords)
}

#[test]
fn each_tone_is_heard_for_itself() {
    let plan = tone_model().plan();
    for (tone, sound) in tones().into_iter().enumerate() {
        let output = anchorhold_plan_compiler::run(&plan.bytes, &features(&sound), 1024, &mut ());
        let thirds = output.expect("a run on this computer");
        println!("{tone}: {thirds:?}");
        let others = (0..3).filter(|other| *other != tone);
        assert!(others
            .map(|other| thirds[other])
            .all(|third| third < thirds[tone] - 20));
    }
}

fn tones_are_told_apart(target: &'static Target) {
    let device = device(target, "sound");
    let sealed = tone_model().sealed(&[&device]);
    let order = [2, 0, 1, 0];
    let sound: Vec<i16> = order
        .iter()
        .flat_map(|tone| tones()[*tone].clone())
        .collect();
    let board = Setup::new("sound-tones", &device)
        .usual_applications()
        .model(&sealed)
        .senses(Recording::from_sound(&sound))
        .install();
    let mut running = board.boot().ready();
    let mut commitments = Vec::new();
    for (number, tone) in order.into_iter().enumerate() {
        let answer = running.ask();
        assert_eq!(usize::from(answer.label()), tone);
        let claims = answer.claims();
        assert_eq!(claims.self_test, SelfTest::Passed);
        let input = claims.input.unwrap();
        assert_eq!(input.source, InputSource::Microphone);
        assert_eq!(input.first_sample, (number * WINDOW) as u64);
        assert_eq!(input.samples as usize, WINDOW);
        commitments.push(input.commitment);
    }
    // The second and the last window are equal.
    commitments.sort_unstable();
    commitments.dedup();
    assert_eq!(commitments.len(), order.len());
}

// Design 11, sensor: what is wrong with a window may show in its last slice only.
fn a_troubled_microphone_is_told(target: &'static Target) {
    let device = device(target, "sound");
    let sealed = tone_model().sealed(&[&device]);
    let [tone, ..] = tones();
    let mut stuck = tone.clone();
    stuck[WINDOW - 170..].fill(77);
    let overdriven = tone
        .iter()
        .map(|sample| sample.saturating_mul(100))
        .collect();
    let windows = [
        (stuck, InputStatus::FlatLine),
        (vec![0; WINDOW], InputStatus::TooManyZeros),
        (overdriven, InputStatus::Saturated),
        (tone[..WINDOW - 1].to_vec(), InputStatus::Silent),
    ];
    let sound: Vec<i16> = windows
        .iter()
        .flat_map(|(sound, _)| sound.clone())
        .collect();
    let board = Setup::new("sound-trouble", &device)
        .usual_applications()
        .model(&sealed)
        .senses(Recording::from_sound(&sound))
        .install();
    let mut running = board.boot().ready();
    for (sound, verdict) in windows {
        let answer = running.ask();
        assert_eq!(answer.status(), ResultStatus::InputRejected);
        let input = answer.claims().input.unwrap();
        assert_eq!(
            (input.status, input.samples as usize),
            (verdict, sound.len())
        );
    }
    // It stays silent.
    let input = running.ask().claims().input.unwrap();
    assert_eq!((input.status, input.samples), (InputStatus::Silent, 0));
}

// P9: neither the slices that a window came in nor what was made of them is left.
fn no_sound_is_left(target: &'static Target) {
    /// Enough to catch the process at work on one of them, however busy this computer is.
    const WINDOWS: usize = 32;
    let device = device(target, "sound");
    let sealed = tone_model().sealed(&[&device]);
    let [_, tone, _] = tones();
    let window = Secret::new(&samples(&Recording::from_sound(&tone)));
    let features = features(&tone).into_iter().map(|feature| feature as u8);
    let features = Secret::new(&features.collect::<Vec<_>>());
    let board = Setup::new("sound-wipe", &device)
        .usual_applications()
        .model(&sealed)
        .senses(Recording::from_sound(&tone.repeat(WINDOWS)))
        .install();
    let mut running = board.boot().ready();
    // The self-test is over when there is an attestation that says so.
    running.attest();
    let mut was_there = false;
    for _ in 0..WINDOWS {
        let nonce = running.request("nonce");
        while !running.has_replied() {
            let ram = running.ram();
            was_there |= window.found(&ram) + features.found(&ram) > 0;
        }
        assert_eq!(running.answer(nonce).label(), 1);
        let ram = running.ram();
        assert_eq!(window.leaks(&ram), [], "samples");
        assert_eq!(features.leaks(&ram), [], "features");
        if was_there {
            return;
        }
    }
    // On MPS2+ the process's reads of the recording keep QEMU from its other duties, so
    // that hardly a copy is taken between question and answer. The search is the same.
    assert!(
        target == &MPS2_AN386,
        "the search did not find what was there"
    );
}
