//! Claims from deterministic CBOR: every key in its place, every value in its range.

use crate::claims::{
    Claims, Counter, DebugStatus, Input, InputSource, Model, Outcome, ResultStatus, SelfTest,
};
use crate::labels::{self, anchorhold, counter, eat, input, model, result};
use crate::measurement::Measurements;
use crate::token::{MAX_NONCE, MAX_VERSION, MIN_NONCE};
use anchorhold_crypto::cbor::{Malformed, Reader};
use anchorhold_policy::{InputStatus, Summary};
use anchorhold_provisioning::KeyTier;

type Result<T> = core::result::Result<T, Malformed>;

/// Reads a payload: the claims, and the measurements beside them.
pub(crate) fn claims(payload: &[u8]) -> Result<(Claims<'_>, Measurements<'_>)> {
    let cbor = &mut Reader::new(payload)?;
    let pairs = cbor.map()?;
    let pairs_refused = cbor.refuse();

    cbor.key(eat::NONCE)?;
    let nonce = cbor.bytes()?;
    if !(MIN_NONCE..=MAX_NONCE).contains(&nonce.len()) {
        return Err(cbor.refuse());
    }
    cbor.key(eat::UEID)?;
    let ueid = *cbor.bytes_of()?;
    cbor.key(eat::UPTIME)?;
    let uptime_s = cbor.unsigned()?;
    cbor.key(eat::DEBUG_STATUS)?;
    let debug = code(cbor, DebugStatus::from_code)?;
    cbor.key(eat::PROFILE)?;
    constant(cbor, labels::PROFILE)?;
    cbor.key(eat::BOOT_COUNT)?;
    let boot_count: u32 = cbor.unsigned()?;
    cbor.key(eat::SOFTWARE_NAME)?;
    constant(cbor, labels::SOFTWARE_NAME)?;
    cbor.key(eat::SOFTWARE_VERSION)?;
    cbor.array_of(1)?;
    let version = cbor.text(MAX_VERSION)?;
    let has_measurements = cbor.optional_key(eat::MEASUREMENTS);
    let measurements = if has_measurements {
        Measurements::decode(cbor)?
    } else {
        Measurements::NONE
    };

    cbor.key(labels::ANCHORHOLD)?;
    let own_pairs = cbor.map()?;
    let own_pairs_refused = cbor.refuse();
    let model = optional(cbor, anchorhold::MODEL, self::model)?;
    let input = optional(cbor, anchorhold::INPUT, self::input)?;
    let outcome = optional(cbor, anchorhold::RESULT, self::outcome)?;
    cbor.key(anchorhold::REQUESTER)?;
    let requester = cbor.unsigned()?;
    cbor.key(anchorhold::COUNTER)?;
    let counter = self::counter(cbor, boot_count)?;
    cbor.key(anchorhold::BOOT_MEASUREMENT)?;
    let boot_measurement = *cbor.bytes_of()?;
    cbor.key(anchorhold::KEY_TIER)?;
    let key_tier = code(cbor, KeyTier::from_code)?;
    cbor.key(anchorhold::SELF_TEST)?;
    let self_test = code(cbor, SelfTest::from_code)?;

    // The keys were all read in order, so a wrong count means unknown ones.
    let optional = [model.is_some(), input.is_some(), outcome.is_some()];
    if own_pairs != 5 + optional.map(u64::from).iter().sum::<u64>() {
        return Err(own_pairs_refused);
    }
    if pairs != 9 + u64::from(has_measurements) {
        return Err(pairs_refused);
    }
    let claims = Claims {
        nonce,
        ueid,
        uptime_s,
        debug,
        version,
        model,
        input,
        outcome,
        requester,
        counter,
        boot_measurement,
        key_tier,
        self_test,
    };
    Ok((claims, measurements))
}

fn model(cbor: &mut Reader<'_>) -> Result<Model> {
    cbor.map_of(3)?;
    cbor.key(model::UUID)?;
    let uuid = *cbor.bytes_of()?;
    cbor.key(model::VERSION)?;
    let version = cbor.unsigned()?;
    cbor.key(model::MANIFEST_DIGEST)?;
    let manifest_digest = *cbor.bytes_of()?;
    Ok(Model {
        uuid,
        version,
        manifest_digest,
    })
}

fn input(cbor: &mut Reader<'_>) -> Result<Input> {
    cbor.map_of(5)?;
    cbor.key(input::SOURCE)?;
    let source = code(cbor, InputSource::from_code)?;
    cbor.key(input::COMMITMENT)?;
    let commitment = *cbor.bytes_of()?;
    cbor.key(input::FIRST_SAMPLE)?;
    let first_sample = cbor.unsigned()?;
    cbor.key(input::SAMPLES)?;
    let samples = cbor.unsigned()?;
    cbor.key(input::STATUS)?;
    let status = code(cbor, input_status)?;
    Ok(Input {
        source,
        commitment,
        first_sample,
        samples,
        status,
    })
}

fn outcome(cbor: &mut Reader<'_>) -> Result<Outcome> {
    let pairs = cbor.map()?;
    let refused = cbor.refuse();
    cbor.key(result::STATUS)?;
    let status = code(cbor, ResultStatus::from_code)?;
    let label = optional(cbor, result::LABEL, Reader::unsigned::<u8>)?;
    let score_bucket = optional(cbor, result::SCORE_BUCKET, Reader::unsigned::<u8>)?;
    let found = 1 + u64::from(label.is_some()) + u64::from(score_bucket.is_some());
    let outcome = Outcome {
        status,
        summary: label.map(|label| Summary {
            label,
            score_bucket,
        }),
    };
    let bucket_alone = label.is_none() && score_bucket.is_some();
    if pairs != found || bucket_alone || !outcome.is_consistent() {
        return Err(refused);
    }
    Ok(outcome)
}

/// Reads the counter, whose boot number is the boot count claim again.
fn counter(cbor: &mut Reader<'_>, boot_count: u32) -> Result<Counter> {
    cbor.map_of(2)?;
    cbor.key(counter::BOOT)?;
    let boot = cbor.unsigned()?;
    if boot != boot_count {
        return Err(cbor.refuse());
    }
    cbor.key(counter::SEQUENCE)?;
    let sequence = cbor.unsigned()?;
    Ok(Counter { boot, sequence })
}

fn optional<'a, T>(
    cbor: &mut Reader<'a>,
    key: i64,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T>,
) -> Result<Option<T>> {
    if cbor.optional_key(key) {
        read(cbor).map(Some)
    } else {
        Ok(None)
    }
}

fn code<T>(cbor: &mut Reader<'_>, from_code: impl FnOnce(u8) -> Option<T>) -> Result<T> {
    let code = cbor.unsigned()?;
    from_code(code).ok_or(cbor.refuse())
}

fn constant(cbor: &mut Reader<'_>, expected: &str) -> Result<()> {
    if cbor.text(expected.len())? == expected {
        Ok(())
    } else {
        Err(cbor.refuse())
    }
}

fn input_status(code: u8) -> Option<InputStatus> {
    [
        InputStatus::Accepted,
        InputStatus::OutOfRange,
        InputStatus::TooManyZeros,
        InputStatus::FlatLine,
        InputStatus::Saturated,
        InputStatus::Stale,
        InputStatus::Silent,
    ]
    .into_iter()
    .find(|status| *status as u8 == code)
}
