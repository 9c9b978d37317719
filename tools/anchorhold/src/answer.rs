//! A token's claims as people and programs read them.

use anchorhold_evidence::{
    Claims, DebugStatus, Evidence, Input, InputSource, Measurements, Model, Outcome, ResultStatus,
    SelfTest,
};
use anchorhold_policy::InputStatus;
use serde::Serialize;

use crate::hex;

/// What a token says. `--json` prints it as it is; bytes are hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The challenge that it answers.
    pub nonce: String,
    /// The device's name (UEID).
    pub device: String,
    /// How the device's keys are protected.
    pub key_tier: &'static str,
    /// Number of the boot.
    pub boot: u32,
    /// Number of the token.
    pub sequence: u64,
    /// ShortId of the application that asked; absent if it has none.
    pub requester: Option<String>,
    /// Which model answered.
    pub model: Option<AnswerModel>,
    /// What the model was given.
    pub input: Option<AnswerInput>,
    /// How the request ended.
    pub result: Option<AnswerResult>,
    /// Seconds since boot.
    pub uptime_s: u32,
    /// State of the debug port.
    pub debug: &'static str,
    /// Version of the device's software.
    pub version: String,
    /// SHA-256 over what booted.
    pub boot_measurement: String,
    /// Whether the model reproduced its golden vector on the device.
    pub self_test: &'static str,
    /// What was loaded, and its SHA-256.
    pub measurements: Vec<AnswerMeasurement>,
}

/// Which model answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerModel {
    /// Its name, if the model's package was given.
    pub name: Option<String>,
    /// Its UUID.
    pub uuid: String,
    /// Its version.
    pub version: u64,
    /// SHA-256 of its signed manifest.
    pub manifest_digest: String,
}

/// What the model was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerInput {
    /// Where it came from.
    pub source: &'static str,
    /// The verdict of the manifest's input checks.
    pub status: &'static str,
    /// Number of the first sample since boot.
    pub first_sample: u64,
    /// Samples in the window.
    pub samples: u32,
    /// Keyed commitment to the samples.
    pub commitment: String,
}

/// How the request ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerResult {
    /// Whether there is an answer, or why not.
    pub status: &'static str,
    /// Index of the label.
    pub label: Option<u8>,
    /// Its text, if the model's package was given.
    pub label_text: Option<String>,
    /// How sure the model is, from 0, if its owner lets that be told.
    pub score_bucket: Option<u8>,
}

/// One thing that was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerMeasurement {
    /// What it is.
    pub name: String,
    /// Its SHA-256.
    pub digest: String,
}

impl Answer {
    /// What a verified token says.
    pub fn from_evidence(evidence: &Evidence<'_>) -> Self {
        Self::from_claims(&evidence.claims, &evidence.measurements)
    }

    /// What the claims and measurements of a token say.
    pub fn from_claims(claims: &Claims<'_>, measurements: &Measurements<'_>) -> Self {
        Self {
            nonce: hex::encode(claims.nonce),
            device: hex::encode(&claims.ueid),
            key_tier: claims.key_tier.name(),
            boot: claims.counter.boot,
            sequence: claims.counter.sequence,
            requester: (claims.requester != 0).then(|| format!("{:#x}", claims.requester)),
            model: claims.model.as_ref().map(model),
            input: claims.input.as_ref().map(input),
            result: claims.outcome.as_ref().map(result),
            uptime_s: claims.uptime_s,
            debug: debug(claims.debug),
            version: claims.version.to_owned(),
            boot_measurement: hex::encode(&claims.boot_measurement),
            self_test: self_test(claims.self_test),
            measurements: measurements
                .iter()
                .map(|entry| AnswerMeasurement {
                    name: entry.name.to_owned(),
                    digest: hex::encode(&entry.digest),
                })
                .collect(),
        }
    }

    /// The answer in a few words: a label, or why there is none.
    pub fn in_short(&self) -> String {
        let Some(result) = &self.result else {
            return "attestation".to_owned();
        };
        match (&result.label_text, result.label) {
            (Some(text), _) => text.clone(),
            (None, Some(label)) => format!("label {label}"),
            (None, None) => result.status.to_owned(),
        }
    }

    /// The answer in lines of `name  value`.
    pub fn in_full(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![("answer", self.in_short())];
        if let Some(result) = &self.result {
            lines.push(("status", result.status.to_owned()));
            if let Some(bucket) = result.score_bucket {
                lines.push(("score bucket", bucket.to_string()));
            }
        }
        if let Some(model) = &self.model {
            let name = model.name.as_deref().unwrap_or(&model.uuid);
            lines.push(("model", format!("{name} version {}", model.version)));
            lines.push(("manifest", model.manifest_digest.clone()));
        }
        if let Some(input) = &self.input {
            lines.push((
                "input",
                format!(
                    "{}, {} samples from number {}, {}",
                    input.source, input.samples, input.first_sample, input.status
                ),
            ));
        }
        lines.push(("device", self.device.clone()));
        lines.push(("keys", self.key_tier.to_owned()));
        lines.push(("counter", format!("{}.{}", self.boot, self.sequence)));
        lines.push((
            "requester",
            self.requester.clone().unwrap_or_else(|| "none".to_owned()),
        ));
        lines.push(("software", self.version.clone()));
        lines.push(("boot", self.boot_measurement.clone()));
        lines.push(("debug port", self.debug.to_owned()));
        lines.push(("self-test", self.self_test.to_owned()));
        for entry in &self.measurements {
            lines.push(("measured", format!("{} {}", entry.digest, entry.name)));
        }
        lines
    }
}

fn model(model: &Model) -> AnswerModel {
    AnswerModel {
        name: None,
        uuid: hex::encode(&model.uuid),
        version: model.version,
        manifest_digest: hex::encode(&model.manifest_digest),
    }
}

fn input(input: &Input) -> AnswerInput {
    AnswerInput {
        source: match input.source {
            InputSource::Accelerometer => "accelerometer",
            InputSource::InjectedTensor => "injected tensor",
            InputSource::Microphone => "microphone",
            InputSource::Golden => "golden input",
        },
        status: input_status(input.status),
        first_sample: input.first_sample,
        samples: input.samples,
        commitment: hex::encode(&input.commitment),
    }
}

fn result(outcome: &Outcome) -> AnswerResult {
    AnswerResult {
        status: match outcome.status {
            ResultStatus::Answered => "answered",
            ResultStatus::InputRejected => "input rejected",
            ResultStatus::InferenceFailed => "inference failed",
            ResultStatus::InferenceRestarted => "inference restarted",
            ResultStatus::DeadlineExceeded => "deadline exceeded",
            ResultStatus::TileRefused => "tile refused",
        },
        label: outcome.summary.map(|summary| summary.label),
        label_text: None,
        score_bucket: outcome.summary.and_then(|summary| summary.score_bucket),
    }
}

fn input_status(status: InputStatus) -> &'static str {
    match status {
        InputStatus::Accepted => "accepted",
        InputStatus::OutOfRange => "out of range",
        InputStatus::TooManyZeros => "too many zeros",
        InputStatus::FlatLine => "flat line",
        InputStatus::Saturated => "saturated",
        InputStatus::Stale => "stale",
        InputStatus::Silent => "silent",
    }
}

fn debug(status: DebugStatus) -> &'static str {
    match status {
        DebugStatus::Enabled => "open",
        DebugStatus::Disabled => "closed",
        DebugStatus::DisabledSinceBoot => "closed since boot",
        DebugStatus::DisabledPermanently => "closed for good, but for the manufacturer",
        DebugStatus::DisabledFullyAndPermanently => "closed for good",
    }
}

fn self_test(state: SelfTest) -> &'static str {
    match state {
        SelfTest::NotRun => "not run",
        SelfTest::Passed => "passed",
        SelfTest::Failed => "failed",
    }
}
