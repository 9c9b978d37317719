//! Manifest from deterministic CBOR: every key in its place, every value in its range.

use super::{key, BoardNeeds, Golden, Manifest, AEAD_CHACHA20_POLY1305, MAX_NAME};
use crate::golden::GoldenRule;
use crate::labels::{Labels, MAX_LABELS, MAX_LABEL_LEN};
use anchorhold_crypto::cbor::{Malformed, Reader};
use anchorhold_policy::owner::MAX_ALLOWED_APPS;
use anchorhold_policy::{
    AllowedApps, InputChecks, InputContract, OutputDetail, OutputPolicy, Policy, RatePolicy,
    ScoreType, SensorKind,
};

type Result<T> = core::result::Result<T, Malformed>;

impl<'a> Manifest<'a> {
    /// Reads the payload of a manifest's COSE_Sign1.
    ///
    /// # Errors
    /// [`Malformed`] with the offset of the first item that is wrong; 0 for a field whose
    /// value is well-formed but [out of limits](Manifest::check_limits).
    pub fn decode(payload: &'a [u8]) -> Result<Manifest<'a>> {
        let cbor = &mut Reader::new(payload)?;
        let entries = cbor.map()?;
        if !(13..=14).contains(&entries) {
            return Err(cbor.refuse());
        }
        cbor.key(key::NAME)?;
        let name = cbor.text(MAX_NAME)?;
        cbor.key(key::UUID)?;
        let uuid = *cbor.bytes_of()?;
        cbor.key(key::VERSION)?;
        let version = cbor.unsigned()?;
        cbor.key(key::PLAN_DIGEST)?;
        let plan_digest = *cbor.bytes_of()?;
        cbor.key(key::PLAN_LENGTH)?;
        let plan_length = cbor.unsigned()?;
        cbor.key(key::TILE_LENGTH)?;
        let tile_length = cbor.unsigned()?;
        cbor.key(key::AEAD)?;
        if cbor.unsigned() != Ok(AEAD_CHACHA20_POLY1305) {
            return Err(cbor.refuse());
        }
        cbor.key(key::BASE_NONCE)?;
        let base_nonce = *cbor.bytes_of()?;
        cbor.key(key::INPUT)?;
        let input = self::input(cbor)?;
        cbor.key(key::LABELS)?;
        let labels = self::labels(cbor)?;
        cbor.key(key::POLICY)?;
        let policy = self::policy(cbor)?;
        cbor.key(key::NEEDS)?;
        let needs = self::needs(cbor)?;
        cbor.key(key::GOLDEN)?;
        let golden = self::golden(cbor)?;
        let scores = match entries {
            14 => self::scores(cbor)?,
            _ => ScoreType::Int8,
        };
        let manifest = Manifest {
            name,
            uuid,
            version,
            plan_digest,
            plan_length,
            tile_length,
            base_nonce,
            input,
            labels,
            policy,
            needs,
            golden,
            scores,
        };
        manifest.check_limits().map_err(|_| Malformed { at: 0 })?;
        Ok(manifest)
    }
}

fn input(cbor: &mut Reader<'_>) -> Result<InputContract> {
    cbor.map_of(5)?;
    cbor.key(key::input::SENSOR)?;
    let sensor = code(cbor, SensorKind::from_code)?;
    cbor.key(key::input::SAMPLES)?;
    let samples = cbor.unsigned()?;
    cbor.key(key::input::CHANNELS)?;
    let channels = cbor.unsigned()?;
    cbor.key(key::input::SAMPLE_PERIOD)?;
    let sample_period_us = cbor.unsigned()?;
    cbor.key(key::input::CHECKS)?;
    let checks = self::checks(cbor)?;
    Ok(InputContract {
        sensor,
        samples,
        channels,
        sample_period_us,
        checks,
    })
}

fn checks(cbor: &mut Reader<'_>) -> Result<InputChecks> {
    cbor.map_of(6)?;
    cbor.key(key::checks::MINIMUM)?;
    let minimum = cbor.signed()?;
    cbor.key(key::checks::MAXIMUM)?;
    let maximum = cbor.signed()?;
    cbor.key(key::checks::ZEROS)?;
    let zeros_permille = cbor.unsigned()?;
    cbor.key(key::checks::FLAT_RUN)?;
    let flat_run = cbor.unsigned()?;
    cbor.key(key::checks::SATURATED)?;
    let saturated_permille = cbor.unsigned()?;
    cbor.key(key::checks::MAXIMUM_AGE)?;
    let maximum_age_ms = cbor.unsigned()?;
    Ok(InputChecks {
        minimum,
        maximum,
        zeros_permille,
        flat_run,
        saturated_permille,
        maximum_age_ms,
    })
}

fn labels<'a>(cbor: &mut Reader<'a>) -> Result<Labels<'a>> {
    let count = cbor.array()?;
    let refused = cbor.refuse();
    if count > MAX_LABELS as u64 {
        return Err(refused);
    }
    let mut names = [""; MAX_LABELS];
    for (name, _) in names.iter_mut().zip(0..count) {
        *name = cbor.text(MAX_LABEL_LEN)?;
    }
    let names = names.into_iter().zip(0..count).map(|(name, _)| name);
    Labels::new(names).ok_or(refused)
}

fn policy(cbor: &mut Reader<'_>) -> Result<Policy> {
    cbor.map_of(7)?;
    cbor.key(key::policy::DETAIL)?;
    let detail = code(cbor, OutputDetail::from_code)?;
    cbor.key(key::policy::SCORE_BUCKETS)?;
    let score_buckets = cbor.unsigned()?;
    cbor.key(key::policy::PER_MINUTE)?;
    let per_minute = cbor.unsigned()?;
    cbor.key(key::policy::BURST)?;
    let burst = cbor.unsigned()?;
    cbor.key(key::policy::ANSWERS)?;
    let answers = cbor.unsigned()?;
    cbor.key(key::policy::ALLOWED_APPS)?;
    let allowed_apps = self::allowed_apps(cbor)?;
    cbor.key(key::policy::RESIDENT)?;
    let resident = code(cbor, |code| match code {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    })?;
    Ok(Policy {
        output: OutputPolicy {
            detail,
            score_buckets,
        },
        rate: RatePolicy {
            per_minute,
            burst,
            answers,
        },
        allowed_apps,
        resident,
    })
}

fn allowed_apps(cbor: &mut Reader<'_>) -> Result<AllowedApps> {
    let count = cbor.array()?;
    let refused = cbor.refuse();
    let mut ids = [0; MAX_ALLOWED_APPS];
    let ids = usize::try_from(count)
        .ok()
        .and_then(|count| ids.get_mut(..count))
        .ok_or(refused)?;
    for id in ids.iter_mut() {
        *id = cbor.unsigned()?;
    }
    AllowedApps::new(ids).ok_or(refused)
}

fn needs(cbor: &mut Reader<'_>) -> Result<BoardNeeds> {
    cbor.map_of(2)?;
    cbor.key(key::needs::ARENA)?;
    let arena_bytes = cbor.unsigned()?;
    cbor.key(key::needs::ENGINE_ABI)?;
    let engine_abi = cbor.unsigned()?;
    Ok(BoardNeeds {
        arena_bytes,
        engine_abi,
    })
}

fn golden(cbor: &mut Reader<'_>) -> Result<Golden> {
    cbor.map_of(2)?;
    cbor.key(key::golden::RULE)?;
    let rule = code(cbor, GoldenRule::from_code)?;
    cbor.key(key::golden::OUTPUT_DIGEST)?;
    let output_digest = *cbor.bytes_of()?;
    Ok(Golden {
        rule,
        output_digest,
    })
}

/// What is said of scores that are not int8, which needs no saying.
fn scores(cbor: &mut Reader<'_>) -> Result<ScoreType> {
    cbor.key(key::SCORES)?;
    let scores = code(cbor, ScoreType::from_code)?;
    match scores {
        ScoreType::Int8 => Err(cbor.refuse()),
        ScoreType::Int16 => Ok(scores),
    }
}

fn code<T>(cbor: &mut Reader<'_>, from_code: impl FnOnce(u8) -> Option<T>) -> Result<T> {
    let code = cbor.unsigned()?;
    from_code(code).ok_or(cbor.refuse())
}
