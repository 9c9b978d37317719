//! P9: when an inference is over, however it ended, no plaintext of it is in RAM.

use std::time::{Duration, Instant};

use anchorhold_engine::Observer;
use anchorhold_evidence::ResultStatus;
use end_to_end::board::{Running, Setup};
use end_to_end::model::{condition_monitor, Model};
use end_to_end::people::device;
use end_to_end::recordings::{demonstration, samples, WINDOW};
use end_to_end::search::Secret;
use end_to_end::target::Target;

end_to_end::on_every_board! {
    nothing_is_left_of_an_inference,
    nothing_is_left_of_a_plan_that_may_stay,
    the_search_would_find_it,
    nothing_is_left_after_a_fault,
    nothing_is_left_after_a_restart,
    nothing_is_left_after_an_exit,
    nothing_is_left_after_a_kill,
}

/// Bytes of a sample: three axes of two bytes.
const SAMPLE: usize = 6;
/// What a board here senses: the same recording so many times.
const RECORDINGS: usize = 8;
/// Windows in a recording.
const WINDOWS: usize = 4;

/// What an inference has in memory that nobody else may see.
struct Plaintext {
    weights: Secret,
    window: Secret,
    activations: Secret,
}

/// Takes down what every operator gives out.
struct Activations(Vec<Vec<u8>>);

impl Observer for Activations {
    fn operator(&mut self, _index: usize, output: &[u8]) {
        self.0.push(output.to_vec());
    }
}

impl Plaintext {
    /// Of the demonstration's model and the first window of a recording.
    fn of(recording: &str) -> Self {
        let plan = condition_monitor().plan();
        let resident = plan.header.resident_bytes as usize;
        let mut window = samples(&demonstration(&[recording]));
        window.truncate(WINDOW * SAMPLE);
        let quantization = plan.header.input;
        let input: Vec<_> = window
            .as_chunks()
            .0
            .iter()
            .map(|raw| quantization.quantize(i16::from_le_bytes(*raw)))
            .collect();
        let mut activations = Activations(Vec::new());
        anchorhold_plan_compiler::run(&plan.bytes, &input, 1024, &mut activations)
            .expect("a run on this computer");
        // The last one is the output, which the kernel was given.
        activations.0.pop();
        let input: Vec<_> = input.iter().map(|value| *value as u8).collect();
        let parts = activations.0.iter().map(Vec::as_slice);
        Self {
            weights: Secret::new(&plan.bytes[resident..]),
            window: Secret::new(&window),
            activations: Secret::of_parts(parts.chain([input.as_slice()])),
        }
    }

    #[track_caller]
    fn is_not_in(&self, ram: &[u8]) {
        assert_eq!(self.weights.leaks(ram), [], "weights");
        assert_eq!(self.window.leaks(ram), [], "samples");
        assert_eq!(self.activations.leaks(ram), [], "activations");
    }
}

fn boot(target: &'static Target, name: &str, cell: &str) -> Running {
    boot_with(target, name, cell, condition_monitor())
}

fn boot_with(target: &'static Target, name: &str, cell: &str, model: Model) -> Running {
    let device = device(target, "wipe");
    let board = Setup::new(&format!("wipe-{name}"), &device)
        .applications(&[cell, "reader"])
        .model(&model.sealed(&[&device]))
        .senses(demonstration(&["normal"; RECORDINGS]))
        .install();
    board.boot().ready()
}

fn nothing_is_left_of_an_inference(target: &'static Target) {
    let plaintext = Plaintext::of("normal");
    let mut running = boot(target, "answer", "inference");
    assert_eq!(running.ask().label(), 0);
    plaintext.is_not_in(&running.ram());
    // Nor of any later one: all of the recording, whose windows differ.
    for _ in 0..3 {
        running.ask();
    }
    let samples = Secret::new(&samples(&demonstration(&["normal"])));
    let ram = running.ram();
    assert_eq!(samples.leaks(&ram), []);
    plaintext.is_not_in(&ram);
}

// The whole plan is in memory while there is work, and not a moment longer.
fn nothing_is_left_of_a_plan_that_may_stay(target: &'static Target) {
    let plaintext = Plaintext::of("normal");
    let model = condition_monitor().with("allowed-apps", "resident = true\nallowed-apps");
    let mut running = boot_with(target, "resident", "inference", model);
    running.attest();
    // How many copies there are of an inference is a matter of this computer's load.
    let mut most = 0;
    for _ in 0..RECORDINGS * WINDOWS {
        let nonce = running.request("nonce");
        while !running.has_replied() {
            most = most.max(plaintext.weights.found(&running.ram()));
        }
        running.answer(nonce);
        if most == plaintext.weights.len() {
            break;
        }
    }
    assert_eq!(most, plaintext.weights.len());
    // It goes when the process has nothing to do, which is after it has answered.
    let mut looks = (0..100).map(|_| plaintext.weights.found(&running.ram()));
    assert!(looks.any(|found| found == 0));
    plaintext.is_not_in(&running.ram());
}

// The same search, on copies of RAM from while the first window is worked on, finds
// what it looks for. How many copies there are of an inference is a matter of this
// computer's load; the emulator is slowed down, and the window comes again.
fn the_search_would_find_it(target: &'static Target) {
    let plaintext = Plaintext::of("normal");
    let secrets = [
        &plaintext.weights,
        &plaintext.window,
        &plaintext.activations,
    ];
    let mut is_found = [false; 3];
    let mut running = boot(target, "during", "inference");
    // The self-test is over when there is an attestation that says so.
    running.attest();
    running.slow_down();
    for _ in 0..RECORDINGS {
        let nonce = running.request("nonce");
        while !running.has_replied() {
            let ram = running.ram();
            for (secret, is_found) in secrets.iter().zip(&mut is_found) {
                *is_found |= secret.found(&ram) > 100;
            }
            if is_found == [true; 3] {
                return;
            }
        }
        running.answer(nonce);
        for _ in 1..WINDOWS {
            running.ask();
        }
    }
    panic!("weights, window, activations: {is_found:?}");
}

/// Has `cell` come to its end with a window and a tile in memory, and looks then.
fn nothing_is_left_of(target: &'static Target, cell: &str, end: ResultStatus) {
    let plaintext = Plaintext::of("normal");
    let mut running = boot(target, cell, cell);
    let answer = running.ask();
    assert_eq!(answer.status(), end);
    plaintext.is_not_in(&running.ram());
}

fn nothing_is_left_after_a_fault(target: &'static Target) {
    nothing_is_left_of(target, "relapse_fault", ResultStatus::InferenceRestarted);
}

fn nothing_is_left_after_a_restart(target: &'static Target) {
    nothing_is_left_of(target, "relapse_restart", ResultStatus::InferenceRestarted);
}

fn nothing_is_left_after_an_exit(target: &'static Target) {
    let plaintext = Plaintext::of("normal");
    let mut running = boot(target, "relapse_end", "relapse_end");
    let nonce = running.request("nonce");
    while plaintext.window.found(&running.ram()) < 100 {
        assert!(!running.has_replied(), "it was over before it began");
    }
    while plaintext.window.found(&running.ram()) > 0 {}
    let gone = Instant::now();
    plaintext.is_not_in(&running.ram());
    assert_eq!(
        running.answer(nonce).status(),
        ResultStatus::DeadlineExceeded
    );
    // It went when the process ended, and not with the restart at the deadline.
    assert!(gone.elapsed() > Duration::from_secs(2));
}

// It hangs with plaintext in memory until its deadline, and is killed then.
fn nothing_is_left_after_a_kill(target: &'static Target) {
    let plaintext = Plaintext::of("normal");
    let mut running = boot(target, "relapse_hang", "relapse_hang");
    let nonce = running.request("nonce");
    let holds =
        |ram: &[u8]| plaintext.window.found(ram) > 1000 && plaintext.weights.found(ram) > 500;
    while !holds(&running.ram()) {
        assert!(!running.has_replied(), "it was over before it began");
    }
    assert_eq!(
        running.answer(nonce).status(),
        ResultStatus::DeadlineExceeded
    );
    plaintext.is_not_in(&running.ram());
}
