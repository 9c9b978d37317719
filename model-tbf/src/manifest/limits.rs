//! The limits of a manifest's fields, checked when it is written and when it is read.

use super::{Manifest, MAX_NAME};
use crate::header::{TILE_LENGTHS, TILE_MULTIPLE};
use anchorhold_policy::SensorKind;
use core::fmt;

/// A field of a manifest is outside its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfLimits {
    /// The field's name.
    pub field: &'static str,
    /// What it may be.
    pub limit: &'static str,
}

impl fmt::Display for OutOfLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "manifest: {} must be {}", self.field, self.limit)
    }
}

impl core::error::Error for OutOfLimits {}

impl Manifest<'_> {
    /// Checks every field that its type does not limit already.
    ///
    /// # Errors
    /// [`OutOfLimits`] with the first field that is outside its limits.
    pub fn check_limits(&self) -> Result<(), OutOfLimits> {
        let input = &self.input;
        let checks = &input.checks;
        let within = |within: bool, field: &'static str, limit: &'static str| {
            if within {
                Ok(())
            } else {
                Err(OutOfLimits { field, limit })
            }
        };
        within(
            (1..=MAX_NAME).contains(&self.name.len()),
            "name",
            "1 to 32 bytes",
        )?;
        within(self.plan_length > 0, "plan length", "at least 1 byte")?;
        within(
            TILE_LENGTHS.contains(&self.tile_length)
                && self.tile_length.is_multiple_of(TILE_MULTIPLE),
            "tile length",
            "a multiple of 64 from 256 to 4096",
        )?;
        within(input.samples > 0, "input samples", "at least 1")?;
        within(input.channels > 0, "input channels", "at least 1")?;
        within(
            input.sensor != SensorKind::Microphone
                || (input.channels, input.sample_period_us) == (1, 0),
            "a microphone's input",
            "1 channel without a sample period",
        )?;
        within(
            checks.minimum <= checks.maximum,
            "input minimum",
            "at most the maximum",
        )?;
        within(
            checks.zeros_permille <= 1000,
            "share of zeros",
            "at most 1000 permille",
        )?;
        within(
            checks.saturated_permille <= 1000,
            "share of saturated samples",
            "at most 1000 permille",
        )?;
        within(
            (2..=100).contains(&self.policy.output.score_buckets),
            "score buckets",
            "2 to 100",
        )
    }
}
