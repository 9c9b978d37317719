//! Models that we did not make, on the device: bit-exact with their references.

use anchorhold_crypto::digest::sha256;
use anchorhold_evidence::{InputSource, SelfTest};
use end_to_end::board::Setup;
use end_to_end::model::reference_model;
use end_to_end::people::device;
use end_to_end::recordings::tensors;
use end_to_end::target::Target;
use end_to_end::vectors;

end_to_end::on_every_board! {
    keywords_are_spotted_as_the_vectors_say,
    images_are_classified_as_the_vectors_say,
    persons_are_seen_as_the_vectors_say,
}

/// Buckets of the score in the manifests under `models/`.
const BUCKETS: i32 = 100;

fn keywords_are_spotted_as_the_vectors_say(target: &'static Target) {
    the_vectors_come_out(target, "kws", &[1, 2, 3, 4, 5]);
}

fn images_are_classified_as_the_vectors_say(target: &'static Target) {
    the_vectors_come_out(target, "ic", &[1, 3]);
}

/// The model does not fit the RAM that the device has: its weights alone are 216 KiB.
/// Cases 6 and 7 are photos.
fn persons_are_seen_as_the_vectors_say(target: &'static Target) {
    the_vectors_come_out(target, "vww", &[6, 7]);
}

/// The label with the highest score, the first of equals, and its score's bucket.
fn expected(output: &[u8]) -> (u8, u8) {
    let score = |index: &usize| output[*index] as i8;
    let best = (0..output.len()).rev().max_by_key(score).unwrap();
    let bucket = (i32::from(score(&best)) + 128) * BUCKETS / 256;
    (best as u8, bucket as u8)
}

/// Case 0 is the golden input; the others are replayed.
fn the_vectors_come_out(target: &'static Target, name: &str, cases: &[usize]) {
    let Some(models) = vectors::models() else {
        return;
    };
    let device = device(target, name);
    let sealed = reference_model(&models, name).sealed(&[&device]);
    let golden = sealed.with_manifest(|manifest| manifest.golden.output_digest);
    assert_eq!(golden, sha256(&vectors::case(name, 0).1));

    let inputs: Vec<_> = cases
        .iter()
        .map(|case| vectors::case(name, *case).0)
        .collect();
    let board = Setup::new(name, &device)
        .usual_applications()
        .model(&sealed)
        .senses(tensors(&inputs))
        .install();
    let mut running = board.boot().ready();
    for case in cases {
        let answer = running.ask();
        let claims = answer.claims();
        assert_eq!(claims.self_test, SelfTest::Passed);
        // P3: injected input is never taken for the sensor's.
        assert_eq!(claims.input.unwrap().source, InputSource::InjectedTensor);
        let (label, bucket) = expected(&vectors::case(name, *case).1);
        assert_eq!(
            (answer.label(), answer.score_bucket()),
            (label, Some(bucket)),
            "case {case}"
        );
    }
}
