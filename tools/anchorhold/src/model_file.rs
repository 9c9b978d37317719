//! `model.toml`: what the model owner states about a model beside its weights.

use std::path::Path;

use anchorhold_audio_frontend::FEATURE_UNIT;
use anchorhold_policy::{
    AllowedApps, InputChecks, InputContract, OutputDetail, OutputPolicy, Policy, RatePolicy,
    SensorKind, MICROPHONE_HZ,
};
use serde::Deserialize;

use crate::error::Error;
use crate::{files, hex};

const FILE_LIMIT: usize = 64 * 1024;

/// The file as it is written; docs/command-line.md explains every key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ModelFile {
    /// What the model is called, at most 32 bytes.
    pub name: String,
    uuid: String,
    /// Grows with every release; devices refuse to go back.
    pub version: u64,
    /// The names of the model's outputs, in order.
    pub labels: Vec<String>,
    tile_bytes: Option<u32>,
    input: Input,
    policy: OwnerPolicy,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Input {
    sensor: Sensor,
    samples: u16,
    channels: u8,
    #[serde(default)]
    sample_period_us: u32,
    scale: Option<f64>,
    checks: Checks,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Sensor {
    Accelerometer,
    Tensor,
    Microphone,
    Int16Tensor,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Checks {
    minimum: i16,
    maximum: i16,
    zeros_permille: u16,
    flat_run: u16,
    saturated_permille: u16,
    maximum_age_ms: u32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct OwnerPolicy {
    output: Detail,
    #[serde(default = "fewest_buckets")]
    score_buckets: u8,
    rate_per_minute: u16,
    burst: u16,
    answers: u32,
    #[serde(default)]
    allowed_apps: Vec<u32>,
    #[serde(default)]
    resident: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Detail {
    TopLabel,
    TopLabelAndScore,
}

/// The policy's format needs a number even where no score is told.
fn fewest_buckets() -> u8 {
    2
}

impl ModelFile {
    /// Reads and checks the file at `path`.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = files::read_text(path, FILE_LIMIT)?;
        let file: Self = toml::from_str(&text).map_err(|error| {
            let line = error
                .span()
                .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            Error::input(path, format_args!("line {line}: {}", error.message()))
        })?;
        file.check().map_err(|what| Error::input(path, what))?;
        Ok(file)
    }

    /// The model's UUID.
    pub fn uuid(&self) -> Option<[u8; 16]> {
        hex::decode(&self.uuid.replace('-', ""))?.try_into().ok()
    }

    /// Plaintext bytes of a tile, if the file says.
    pub fn tile_bytes(&self) -> Option<u32> {
        self.tile_bytes
    }

    /// The model's unit that one raw sensor count stands for, or one of a microphone's
    /// features before it is quantised.
    pub fn raw_scale(&self) -> Option<f64> {
        match self.input.sensor {
            Sensor::Microphone => Some(FEATURE_UNIT),
            _ => self.input.scale,
        }
    }

    /// What a window of input must be.
    pub fn input(&self) -> InputContract {
        let checks = &self.input.checks;
        InputContract {
            sensor: match self.input.sensor {
                Sensor::Accelerometer => SensorKind::Accelerometer,
                Sensor::Tensor => SensorKind::Tensor,
                Sensor::Microphone => SensorKind::Microphone,
                Sensor::Int16Tensor => SensorKind::Int16Tensor,
            },
            samples: self.input.samples,
            channels: self.input.channels,
            sample_period_us: self.input.sample_period_us,
            checks: InputChecks {
                minimum: checks.minimum,
                maximum: checks.maximum,
                zeros_permille: checks.zeros_permille,
                flat_run: checks.flat_run,
                saturated_permille: checks.saturated_permille,
                maximum_age_ms: checks.maximum_age_ms,
            },
        }
    }

    /// What the owner lets devices tell, how often, and whom; `None` if too many
    /// applications are listed.
    pub fn policy(&self) -> Option<Policy> {
        Some(Policy {
            output: OutputPolicy {
                detail: match self.policy.output {
                    Detail::TopLabel => OutputDetail::TopLabel,
                    Detail::TopLabelAndScore => OutputDetail::TopLabelAndScore,
                },
                score_buckets: self.policy.score_buckets,
            },
            rate: RatePolicy {
                per_minute: self.policy.rate_per_minute,
                burst: self.policy.burst,
                answers: self.policy.answers,
            },
            allowed_apps: AllowedApps::new(&self.policy.allowed_apps)?,
            resident: self.policy.resident,
        })
    }

    fn check(&self) -> Result<(), String> {
        if self.uuid().is_none() {
            return Err("uuid: not a UUID; make one with uuidgen".into());
        }
        if self.policy().is_none() {
            return Err("policy.allowed-apps: at most 8 ShortIds, none of them 0".into());
        }
        if matches!(self.input.sensor, Sensor::Accelerometer) && self.input.scale.is_none() {
            return Err(
                "input.scale: missing; give the model's unit per milli-g, 0.001 for g".into(),
            );
        }
        if matches!(self.input.sensor, Sensor::Microphone)
            && (self.input.channels, self.input.sample_period_us) != (1, 0)
        {
            return Err(format!(
                "input: a microphone has 1 channel and {MICROPHONE_HZ} samples a second; leave \
                 sample-period-us out"
            ));
        }
        if matches!(self.input.sensor, Sensor::Microphone) && self.input.scale.is_some() {
            return Err("input.scale: the features of a microphone have one; leave it out".into());
        }
        if !(2..=100).contains(&self.policy.score_buckets) {
            return Err("policy.score-buckets: not from 2 to 100".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    const FILE: &str = r#"
name = "motor"
uuid = "7a73d964-37cc-4acf-8044-4eebf0222bd5"
version = 3
labels = ["good", "bad"]

[input]
sensor = "accelerometer"
samples = 8
channels = 3
sample-period-us = 1000
scale = 0.001

[input.checks]
minimum = -16000
maximum = 16000
zeros-permille = 500
flat-run = 32
saturated-permille = 50
maximum-age-ms = 2000

[policy]
output = "top-label"
rate-per-minute = 0
burst = 32
answers = 0
allowed-apps = [0x1002]
"#;

    fn read(text: &str) -> Result<ModelFile, Error> {
        let scratch = Scratch::new(&format!("model-file-{}", text.len()));
        let path = scratch.path("model.toml");
        std::fs::write(&path, text).unwrap();
        ModelFile::read(&path)
    }

    #[test]
    fn a_whole_file_is_understood() {
        let file = read(FILE).unwrap();
        assert_eq!(file.uuid().unwrap()[..2], [0x7a, 0x73]);
        assert_eq!(file.input().window_bytes(), 48);
        let policy = file.policy().unwrap();
        assert_eq!(policy.allowed_apps.as_slice(), [0x1002]);
        assert_eq!(policy.output.detail, OutputDetail::TopLabel);
    }

    #[test]
    fn a_microphone_needs_no_period() {
        let sound = FILE
            .replace("accelerometer", "microphone")
            .replace("channels = 3", "channels = 1")
            .replace("sample-period-us = 1000\n", "")
            .replace("scale = 0.001\n", "");
        let file = read(&sound).unwrap();
        assert_eq!(file.input().sensor, SensorKind::Microphone);
        assert_eq!(file.raw_scale(), Some(1.0 / 25.6));
        for (from, to, expected) in [
            ("channels = 1", "channels = 2", "1 channel"),
            (
                "channels = 1",
                "channels = 1\nsample-period-us = 62",
                "16000 samples a second",
            ),
            ("channels = 1", "channels = 1\nscale = 0.5", "input.scale"),
        ] {
            let error = read(&sound.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (from, to, expected) in [
            ("burst = 32", "bursts = 32", "line 25: unknown field"),
            ("samples = 8", "samples = \"x\"", "line 9: invalid type"),
            ("4eebf0222bd5", "4eeb", "uuid"),
            ("scale = 0.001", "", "input.scale"),
            ("[0x1002]", "[0]", "allowed-apps"),
        ] {
            let error = read(&FILE.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
