//! A model that we did not make, on the device: bit-exact with its reference.

use anchorhold_crypto::digest::sha256;
use anchorhold_evidence::{InputSource, SelfTest};
use end_to_end::board::Setup;
use end_to_end::model::keyword_spotter;
use end_to_end::people::device;
use end_to_end::recordings::tensors;
use end_to_end::target::Target;
use end_to_end::vectors;

end_to_end::on_every_board! {
    the_reference_vectors_come_out,
}

/// Buckets of the score in `models/kws.toml`.
const BUCKETS: i32 = 100;
/// Cases whose inputs are replayed; case 0 is the golden input.
const CASES: std::ops::RangeInclusive<usize> = 1..=5;

/// The label with the highest score, the first of equals, and its score's bucket.
fn expected(output: &[u8]) -> (u8, u8) {
    let score = |index: &usize| output[*index] as i8;
    let best = (0..output.len()).rev().max_by_key(score).unwrap();
    let bucket = (i32::from(score(&best)) + 128) * BUCKETS / 256;
    (best as u8, bucket as u8)
}

fn the_reference_vectors_come_out(target: &'static Target) {
    let Some(models) = vectors::models() else {
        return;
    };
    let device = device(target, "kws");
    let sealed = keyword_spotter(&models.join("kws.tflite")).sealed(&[&device]);
    let golden = sealed.with_manifest(|manifest| manifest.golden.output_digest);
    assert_eq!(golden, sha256(&vectors::case("kws", 0).1));

    let inputs: Vec<_> = CASES.map(|case| vectors::case("kws", case).0).collect();
    let board = Setup::new("kws", &device)
        .usual_applications()
        .model(&sealed)
        .senses(tensors(&inputs))
        .install();
    let mut running = board.boot().ready();
    for case in CASES {
        let answer = running.ask();
        let claims = answer.claims();
        assert_eq!(claims.self_test, SelfTest::Passed);
        // P3: injected input is never taken for the sensor's.
        assert_eq!(claims.input.unwrap().source, InputSource::InjectedTensor);
        let (label, bucket) = expected(&vectors::case("kws", case).1);
        assert_eq!(
            (answer.label(), answer.score_bucket()),
            (label, Some(bucket)),
            "case {case}"
        );
    }
}
