//! A model with int16 activations and int8 weights, from `.tflite` to signed answers: by
//! way of tensors and of the accelerometer, bit-exact with the engine on this computer.

use anchorhold_evidence::{InputSource, SelfTest};
use anchorhold_plan_compiler::run;
use end_to_end::board::Setup;
use end_to_end::model::{int16_model, Model};
use end_to_end::people::device;
use end_to_end::recordings::{demonstration, samples, tensors};
use end_to_end::target::Target;
use tflite_writer::Random;

end_to_end::on_every_board! {
    int16_tensors_are_classified,
    accelerometer_samples_become_int16,
}

/// Values of an input.
const VALUES: usize = 7 * 6 * 2;
/// Buckets of the score in the manifest.
const BUCKETS: i32 = 100;
/// What the manifest says of tensors, and of samples of the accelerometer instead.
const TENSOR: &str = "sensor = \"int16-tensor\"\nsamples = 42\nchannels = 2\n";
const ACCELEROMETER: &str = "sensor = \"accelerometer\"\nsamples = 28\nchannels = 3\n\
    sample-period-us = 1000\nscale = 0.001\n";

/// The label with the highest score, the first of equals, and its score's bucket, of
/// what the engine on this computer makes of `input`.
fn expected(model: &Model, input: &[i8]) -> (u8, u8) {
    let output = run(&model.plan().bytes, input, 0, &mut ()).expect("a plan that runs");
    let scores: Vec<i16> = output
        .as_chunks()
        .0
        .iter()
        .map(|[low, high]: &[i8; 2]| i16::from_le_bytes([*low as u8, *high as u8]))
        .collect();
    assert_eq!(scores.len(), 3);
    let best = (0..3).rev().max_by_key(|index| scores[*index]).unwrap();
    let bucket = i32::from(scores[best].max(0)) * BUCKETS / 32_768;
    (best as u8, bucket as u8)
}

fn int16_tensors_are_classified(target: &'static Target) {
    let device = device(target, "int16-tensors");
    let model = int16_model();
    let mut random = Random::new(1);
    let inputs: Vec<Vec<u8>> = (0..6)
        .map(|_| {
            let values = random.int16s(VALUES).into_iter();
            values.flat_map(i16::to_le_bytes).collect()
        })
        .collect();
    let board = Setup::new("int16-tensors", &device)
        .usual_applications()
        .model(&model.sealed(&[&device]))
        .senses(tensors(&inputs))
        .install();
    let mut running = board.boot().ready();
    let mut seen = Vec::new();
    for input in &inputs {
        let answer = running.ask();
        let claims = answer.claims();
        assert_eq!(claims.self_test, SelfTest::Passed);
        let source = claims.input.unwrap();
        assert_eq!(
            (source.source, source.samples),
            (InputSource::InjectedTensor, 42)
        );
        let input: Vec<i8> = input.iter().map(|byte| *byte as i8).collect();
        let (label, bucket) = expected(&model, &input);
        assert_eq!(
            (answer.label(), answer.score_bucket()),
            (label, Some(bucket))
        );
        seen.push((label, bucket));
    }
    seen.sort_unstable();
    seen.dedup();
    assert!(seen.len() > 1, "the same answer to everything: {seen:?}");
}

fn accelerometer_samples_become_int16(target: &'static Target) {
    let device = device(target, "int16-samples");
    let model = Model {
        raw_scale: Some(0.001),
        ..int16_model().with(TENSOR, ACCELEROMETER)
    };
    let recording = demonstration(&["imbalance"]);
    let window = samples(&recording)[..2 * VALUES].to_vec();
    let board = Setup::new("int16-samples", &device)
        .usual_applications()
        .model(&model.sealed(&[&device]))
        .senses(recording)
        .install();
    let mut running = board.boot().ready();
    let answer = running.ask();
    let claims = answer.claims();
    assert_eq!(claims.self_test, SelfTest::Passed);
    assert_eq!(claims.input.unwrap().source, InputSource::Accelerometer);
    let quantization = model.plan().header.input;
    let values = window.as_chunks().0.iter().copied().map(i16::from_le_bytes);
    let input: Vec<i8> = values
        .flat_map(|raw| quantization.quantize_to_int16(raw).to_le_bytes())
        .map(|byte| byte as i8)
        .collect();
    let (label, bucket) = expected(&model, &input);
    assert_eq!(
        (answer.label(), answer.score_bucket()),
        (label, Some(bucket))
    );
}
