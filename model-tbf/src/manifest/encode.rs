//! Manifest to deterministic CBOR.

use super::{key, Manifest, AEAD_CHACHA20_POLY1305};
use anchorhold_policy::{InputContract, Policy, ScoreType};
use minicbor::encode::write::{Cursor, EndOfSlice};
use minicbor::encode::Error;
use minicbor::Encoder;

type Output<'a> = Encoder<Cursor<&'a mut [u8]>>;
type Result<T> = core::result::Result<T, Error<EndOfSlice>>;

impl Manifest<'_> {
    /// Writes the payload of the manifest's COSE_Sign1 and returns its length.
    /// [`check_limits`](Manifest::check_limits) is the caller's to call.
    ///
    /// # Errors
    /// When `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize> {
        let mut cbor = Encoder::new(Cursor::new(out));
        let is_int16 = self.scores == ScoreType::Int16;
        cbor.map(13 + u64::from(is_int16))?;
        cbor.i64(key::NAME)?.str(self.name)?;
        cbor.i64(key::UUID)?.bytes(&self.uuid)?;
        cbor.i64(key::VERSION)?.u64(self.version)?;
        cbor.i64(key::PLAN_DIGEST)?.bytes(&self.plan_digest)?;
        cbor.i64(key::PLAN_LENGTH)?.u32(self.plan_length)?;
        cbor.i64(key::TILE_LENGTH)?.u32(self.tile_length)?;
        cbor.i64(key::AEAD)?.u16(AEAD_CHACHA20_POLY1305)?;
        cbor.i64(key::BASE_NONCE)?.bytes(&self.base_nonce)?;
        cbor.i64(key::INPUT)?;
        input(&mut cbor, &self.input)?;
        let labels = self.labels.as_slice();
        cbor.i64(key::LABELS)?.array(labels.len() as u64)?;
        for label in labels {
            cbor.str(label)?;
        }
        cbor.i64(key::POLICY)?;
        policy(&mut cbor, &self.policy)?;
        cbor.i64(key::NEEDS)?.map(2)?;
        cbor.i64(key::needs::ARENA)?.u32(self.needs.arena_bytes)?;
        cbor.i64(key::needs::ENGINE_ABI)?
            .u16(self.needs.engine_abi)?;
        cbor.i64(key::GOLDEN)?.map(2)?;
        cbor.i64(key::golden::RULE)?.u8(self.golden.rule as u8)?;
        cbor.i64(key::golden::OUTPUT_DIGEST)?
            .bytes(&self.golden.output_digest)?;
        if is_int16 {
            cbor.i64(key::SCORES)?.u8(self.scores as u8)?;
        }
        Ok(cbor.writer().position())
    }
}

fn input(cbor: &mut Output, input: &InputContract) -> Result<()> {
    cbor.map(5)?;
    cbor.i64(key::input::SENSOR)?.u8(input.sensor as u8)?;
    cbor.i64(key::input::SAMPLES)?.u16(input.samples)?;
    cbor.i64(key::input::CHANNELS)?.u8(input.channels)?;
    cbor.i64(key::input::SAMPLE_PERIOD)?
        .u32(input.sample_period_us)?;
    cbor.i64(key::input::CHECKS)?.map(6)?;
    let checks = &input.checks;
    cbor.i64(key::checks::MINIMUM)?.i16(checks.minimum)?;
    cbor.i64(key::checks::MAXIMUM)?.i16(checks.maximum)?;
    cbor.i64(key::checks::ZEROS)?.u16(checks.zeros_permille)?;
    cbor.i64(key::checks::FLAT_RUN)?.u16(checks.flat_run)?;
    cbor.i64(key::checks::SATURATED)?
        .u16(checks.saturated_permille)?;
    cbor.i64(key::checks::MAXIMUM_AGE)?
        .u32(checks.maximum_age_ms)?
        .ok()
}

fn policy(cbor: &mut Output, policy: &Policy) -> Result<()> {
    cbor.map(7)?;
    cbor.i64(key::policy::DETAIL)?
        .u8(policy.output.detail as u8)?;
    cbor.i64(key::policy::SCORE_BUCKETS)?
        .u8(policy.output.score_buckets)?;
    cbor.i64(key::policy::PER_MINUTE)?
        .u16(policy.rate.per_minute)?;
    cbor.i64(key::policy::BURST)?.u16(policy.rate.burst)?;
    cbor.i64(key::policy::ANSWERS)?.u32(policy.rate.answers)?;
    let apps = policy.allowed_apps.as_slice();
    cbor.i64(key::policy::ALLOWED_APPS)?
        .array(apps.len() as u64)?;
    for app in apps {
        cbor.u32(*app)?;
    }
    cbor.i64(key::policy::RESIDENT)?
        .u8(policy.resident.into())?
        .ok()
}
