//! Claims as deterministic CBOR.

use crate::claims::{Claims, Input, Model, Outcome};
use crate::labels::{self, anchorhold, counter, eat, input, model, result};
use crate::measurement::Measurement;
use minicbor::encode::{Error, Write};
use minicbor::Encoder;

type Result<W> = core::result::Result<(), Error<<W as Write>::Error>>;

/// Writes the claims map; its keys come in the order of their encodings.
pub(crate) fn claims<W: Write>(
    cbor: &mut Encoder<W>,
    claims: &Claims<'_>,
    measurements: &[Measurement<'_>],
) -> Result<W> {
    cbor.map(9 + u64::from(!measurements.is_empty()))?;
    cbor.i64(eat::NONCE)?.bytes(claims.nonce)?;
    cbor.i64(eat::UEID)?.bytes(&claims.ueid)?;
    cbor.i64(eat::UPTIME)?.u32(claims.uptime_s)?;
    cbor.i64(eat::DEBUG_STATUS)?.u8(claims.debug as u8)?;
    cbor.i64(eat::PROFILE)?.str(labels::PROFILE)?;
    cbor.i64(eat::BOOT_COUNT)?.u32(claims.counter.boot)?;
    cbor.i64(eat::SOFTWARE_NAME)?.str(labels::SOFTWARE_NAME)?;
    cbor.i64(eat::SOFTWARE_VERSION)?
        .array(1)?
        .str(claims.version)?;
    if !measurements.is_empty() {
        cbor.i64(eat::MEASUREMENTS)?
            .array(measurements.len() as u64)?;
        for measurement in measurements {
            measurement.encode(cbor)?;
        }
    }
    cbor.i64(labels::ANCHORHOLD)?;
    anchorhold(cbor, claims)
}

fn anchorhold<W: Write>(cbor: &mut Encoder<W>, claims: &Claims<'_>) -> Result<W> {
    let optional = [
        claims.model.is_some(),
        claims.input.is_some(),
        claims.outcome.is_some(),
    ];
    cbor.map(5 + optional.map(u64::from).iter().sum::<u64>())?;
    if let Some(model) = &claims.model {
        cbor.i64(anchorhold::MODEL)?;
        self::model(cbor, model)?;
    }
    if let Some(input) = &claims.input {
        cbor.i64(anchorhold::INPUT)?;
        self::input(cbor, input)?;
    }
    if let Some(outcome) = &claims.outcome {
        cbor.i64(anchorhold::RESULT)?;
        self::outcome(cbor, outcome)?;
    }
    cbor.i64(anchorhold::REQUESTER)?.u32(claims.requester)?;
    cbor.i64(anchorhold::COUNTER)?.map(2)?;
    cbor.i64(counter::BOOT)?.u32(claims.counter.boot)?;
    cbor.i64(counter::SEQUENCE)?.u64(claims.counter.sequence)?;
    cbor.i64(anchorhold::BOOT_MEASUREMENT)?
        .bytes(&claims.boot_measurement)?;
    cbor.i64(anchorhold::KEY_TIER)?.u8(claims.key_tier.code())?;
    cbor.i64(anchorhold::SELF_TEST)?
        .u8(claims.self_test as u8)?
        .ok()
}

fn model<W: Write>(cbor: &mut Encoder<W>, model: &Model) -> Result<W> {
    cbor.map(3)?;
    cbor.i64(model::UUID)?.bytes(&model.uuid)?;
    cbor.i64(model::VERSION)?.u64(model.version)?;
    cbor.i64(model::MANIFEST_DIGEST)?
        .bytes(&model.manifest_digest)?
        .ok()
}

fn input<W: Write>(cbor: &mut Encoder<W>, input: &Input) -> Result<W> {
    cbor.map(5)?;
    cbor.i64(input::SOURCE)?.u8(input.source as u8)?;
    cbor.i64(input::COMMITMENT)?.bytes(&input.commitment)?;
    cbor.i64(input::FIRST_SAMPLE)?.u64(input.first_sample)?;
    cbor.i64(input::SAMPLES)?.u32(input.samples)?;
    cbor.i64(input::STATUS)?.u8(input.status as u8)?.ok()
}

fn outcome<W: Write>(cbor: &mut Encoder<W>, outcome: &Outcome) -> Result<W> {
    let label = outcome.summary.map(|summary| summary.label);
    let bucket = outcome.summary.and_then(|summary| summary.score_bucket);
    cbor.map(1 + u64::from(label.is_some()) + u64::from(bucket.is_some()))?;
    cbor.i64(result::STATUS)?.u8(outcome.status as u8)?;
    if let Some(label) = label {
        cbor.i64(result::LABEL)?.u8(label)?;
    }
    if let Some(bucket) = bucket {
        cbor.i64(result::SCORE_BUCKET)?.u8(bucket)?;
    }
    Ok(())
}
