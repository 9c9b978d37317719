//! `anchorhold inspect`: what anybody may see of a file of ours.

use std::path::{Path, PathBuf};

use anchorhold_crypto::cose::Sign1;
use anchorhold_evidence::{BatchedAnswer, Token};
use anchorhold_policy::SensorKind;
use anchorhold_provisioning::DeviceRecord;
use clap::Args;
use serde_json::{json, Map, Value};

use crate::answer::Answer;
use crate::error::Error;
use crate::relying_party::named_oem;
use crate::sealed::{SealedModel, FILE_LIMIT};
use crate::tab;
use crate::tbf::Tbf;
use crate::{files, hex, output};

/// Show what a sealed model, an application, a token or a device record says; nothing
/// of it is verified
#[derive(Debug, Args)]
pub struct Arguments {
    /// A TAB, a TBF, a token or a device record
    file: PathBuf,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

/// Recognises the file and prints what it says.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let bytes = files::read(&arguments.file, FILE_LIMIT)?;
    let found = describe(&bytes, &arguments.file)?;
    if arguments.json {
        return output::json(&found);
    }
    for item in &found {
        print(item);
    }
    Ok(())
}

/// One description for each thing in the file; a TAB may hold several TBFs.
fn describe(bytes: &[u8], path: &Path) -> Result<Vec<Value>, Error> {
    if let Ok(entries) = tab::unpack(bytes) {
        return entries
            .iter()
            .map(|entry| {
                let mut value = tbf(&entry.tbf).map_err(|what| Error::input(path, what))?;
                value["architecture"] = json!(entry.architecture());
                Ok(value)
            })
            .collect();
    }
    if let Ok(token) = Token::parse(bytes) {
        let claims = token.unverified_claims();
        let answer = Answer::from_claims(claims, token.unverified_measurements());
        let mut value = json!({ "kind": "token, not verified", "key": hex::encode(token.kid()) });
        merge(&mut value, json!(answer));
        return Ok(vec![value]);
    }
    if let Ok(answer) = BatchedAnswer::parse(bytes) {
        let claims = Answer::from_claims(answer.unverified_claims(), answer.measurements());
        let mut value =
            json!({ "kind": "answer of a batch, not verified", "key": hex::encode(answer.kid()) });
        merge(&mut value, json!(claims));
        return Ok(vec![value]);
    }
    if let Some(value) = device_record(bytes) {
        return Ok(vec![value]);
    }
    match tbf(bytes) {
        Ok(value) => Ok(vec![value]),
        Err(_) if Sign1::parse(bytes).is_ok() => Err(Error::input(
            path,
            "a signed document, but neither a token nor a device record",
        )),
        Err(_) => Err(Error::input(
            path,
            "not a TAB, TBF, token or device record; see docs/formats for what these look like",
        )),
    }
}

fn tbf(bytes: &[u8]) -> Result<Value, String> {
    let tbf = Tbf::parse(bytes)?;
    let mut value = json!({ "kind": if tbf.summary.is_program { "application" } else { "data" } });
    merge(&mut value, json!(tbf.summary));
    if tbf.body.starts_with(&model_tbf::header::MAGIC) {
        let model = SealedModel::from_tbf(bytes)?;
        value["kind"] = json!("sealed model, not verified");
        merge(&mut value, sealed_model(&model)?);
    }
    Ok(value)
}

fn sealed_model(model: &SealedModel) -> Result<Value, String> {
    let package = model.package()?;
    let header = package.header();
    let manifest = model.manifest()?;
    let (input, checks) = (&manifest.input, &manifest.input.checks);
    let policy = &manifest.policy;
    Ok(json!({
        "model": manifest.name,
        "uuid": hex::encode(&manifest.uuid),
        "version": manifest.version,
        "manifest_digest": hex::encode(&model.manifest_digest()?),
        "publisher": hex::encode(&model.publisher()?),
        "plan_bytes": manifest.plan_length,
        "tile_bytes": manifest.tile_length,
        "tiles": header.tile_count(),
        "arena_bytes": manifest.needs.arena_bytes,
        "engine_abi": manifest.needs.engine_abi,
        "devices": model.devices()?.into_iter().map(hex::encode).collect::<Vec<_>>(),
        "labels": manifest.labels.as_slice(),
        "scores": format!("{:?}", manifest.scores).to_lowercase(),
        "sensor": match input.sensor {
            SensorKind::Int16Tensor => "int16-tensor".to_owned(),
            sensor => format!("{sensor:?}").to_lowercase(),
        },
        "samples": input.samples,
        "channels": input.channels,
        "sample_period_us": input.sample_period_us,
        "checks": {
            "minimum": checks.minimum,
            "maximum": checks.maximum,
            "zeros_permille": checks.zeros_permille,
            "flat_run": checks.flat_run,
            "saturated_permille": checks.saturated_permille,
            "maximum_age_ms": checks.maximum_age_ms,
        },
        "score_buckets": policy.output.score_buckets,
        "rate_per_minute": policy.rate.per_minute,
        "burst": policy.rate.burst,
        "answers": policy.rate.answers,
        "resident": policy.resident,
        "allowed_apps": policy
            .allowed_apps
            .as_slice()
            .iter()
            .map(|id| format!("{id:#x}"))
            .collect::<Vec<_>>(),
    }))
}

fn device_record(bytes: &[u8]) -> Option<Value> {
    let record = DeviceRecord::verify(bytes, &named_oem(bytes)?).ok()?;
    Some(json!({
        "kind": "device record, signed by the OEM that it names",
        "device": hex::encode(&record.ueid),
        "board": record.board,
        "key_tier": record.tier.name(),
        "evidence_key": hex::encode(record.evidence_key.as_bytes()),
        "unseal_key": hex::encode(record.unseal_key.as_bytes()),
        "unseal_kid": hex::encode(&record.unseal_key.kid()),
        "oem_key": hex::encode(record.oem_key.as_bytes()),
        "oem_kid": hex::encode(&record.oem_key.kid()),
    }))
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

fn print(item: &Value) {
    let empty = Map::new();
    let fields = item.as_object().unwrap_or(&empty);
    let mut lines = Vec::new();
    flatten("", fields, &mut lines);
    let kind = item["kind"].as_str().unwrap_or_default();
    output::line(kind);
    let lines: Vec<_> = lines
        .iter()
        .filter(|(name, _)| name != "kind")
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    output::lines(&lines);
}

fn flatten(prefix: &str, fields: &Map<String, Value>, lines: &mut Vec<(String, String)>) {
    for (name, value) in fields {
        let name = format!("{prefix}{}", name.replace('_', " "));
        match value {
            Value::Null => {}
            Value::Object(inner) => flatten(&format!("{name} "), inner, lines),
            Value::String(text) => lines.push((name, text.clone())),
            Value::Array(items) => {
                for item in items {
                    let text = item
                        .as_str()
                        .map_or_else(|| item.to_string(), str::to_owned);
                    lines.push((name.clone(), text));
                }
            }
            other => lines.push((name, other.to_string())),
        }
    }
}
