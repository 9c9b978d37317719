//! Claims as deterministic CBOR.

use crate::claims::{Claims, Input, Model, Outcome};
use crate::labels::{self, anchorhold, counter, eat, input, model, result};
use crate::measurement::Measurement;
use anchorhold_crypto::cbor::Writer;

/// Writes the claims map; its keys come in the order of their encodings.
pub(crate) fn claims(cbor: &mut Writer<'_>, claims: &Claims<'_>, measurements: &[Measurement<'_>]) {
    cbor.map(9 + u64::from(!measurements.is_empty()));
    cbor.key(eat::NONCE);
    cbor.bytes(claims.nonce);
    cbor.key(eat::UEID);
    cbor.bytes(&claims.ueid);
    cbor.key(eat::UPTIME);
    cbor.unsigned(claims.uptime_s.into());
    cbor.key(eat::DEBUG_STATUS);
    cbor.unsigned(claims.debug as u64);
    cbor.key(eat::PROFILE);
    cbor.text(labels::PROFILE);
    cbor.key(eat::BOOT_COUNT);
    cbor.unsigned(claims.counter.boot.into());
    cbor.key(eat::SOFTWARE_NAME);
    cbor.text(labels::SOFTWARE_NAME);
    cbor.key(eat::SOFTWARE_VERSION);
    cbor.array(1);
    cbor.text(claims.version);
    if !measurements.is_empty() {
        cbor.key(eat::MEASUREMENTS);
        cbor.array(measurements.len() as u64);
        for measurement in measurements {
            measurement.encode(cbor);
        }
    }
    cbor.key(labels::ANCHORHOLD);
    anchorhold(cbor, claims);
}

fn anchorhold(cbor: &mut Writer<'_>, claims: &Claims<'_>) {
    let optional = [
        claims.model.is_some(),
        claims.input.is_some(),
        claims.outcome.is_some(),
    ];
    cbor.map(5 + optional.map(u64::from).iter().sum::<u64>());
    if let Some(model) = &claims.model {
        cbor.key(anchorhold::MODEL);
        self::model(cbor, model);
    }
    if let Some(input) = &claims.input {
        cbor.key(anchorhold::INPUT);
        self::input(cbor, input);
    }
    if let Some(outcome) = &claims.outcome {
        cbor.key(anchorhold::RESULT);
        self::outcome(cbor, outcome);
    }
    cbor.key(anchorhold::REQUESTER);
    cbor.unsigned(claims.requester.into());
    cbor.key(anchorhold::COUNTER);
    cbor.map(2);
    cbor.key(counter::BOOT);
    cbor.unsigned(claims.counter.boot.into());
    cbor.key(counter::SEQUENCE);
    cbor.unsigned(claims.counter.sequence);
    cbor.key(anchorhold::BOOT_MEASUREMENT);
    cbor.bytes(&claims.boot_measurement);
    cbor.key(anchorhold::KEY_TIER);
    cbor.unsigned(claims.key_tier.code().into());
    cbor.key(anchorhold::SELF_TEST);
    cbor.unsigned(claims.self_test as u64);
}

fn model(cbor: &mut Writer<'_>, model: &Model) {
    cbor.map(3);
    cbor.key(model::UUID);
    cbor.bytes(&model.uuid);
    cbor.key(model::VERSION);
    cbor.unsigned(model.version);
    cbor.key(model::MANIFEST_DIGEST);
    cbor.bytes(&model.manifest_digest);
}

fn input(cbor: &mut Writer<'_>, input: &Input) {
    cbor.map(5);
    cbor.key(input::SOURCE);
    cbor.unsigned(input.source as u64);
    cbor.key(input::COMMITMENT);
    cbor.bytes(&input.commitment);
    cbor.key(input::FIRST_SAMPLE);
    cbor.unsigned(input.first_sample);
    cbor.key(input::SAMPLES);
    cbor.unsigned(input.samples.into());
    cbor.key(input::STATUS);
    cbor.unsigned(input.status as u64);
}

fn outcome(cbor: &mut Writer<'_>, outcome: &Outcome) {
    let label = outcome.summary.map(|summary| summary.label);
    let bucket = outcome.summary.and_then(|summary| summary.score_bucket);
    cbor.map(1 + u64::from(label.is_some()) + u64::from(bucket.is_some()));
    cbor.key(result::STATUS);
    cbor.unsigned(outcome.status as u64);
    if let Some(label) = label {
        cbor.key(result::LABEL);
        cbor.unsigned(label.into());
    }
    if let Some(bucket) = bucket {
        cbor.key(result::SCORE_BUCKET);
        cbor.unsigned(bucket.into());
    }
}
