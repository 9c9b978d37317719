//! The manifest of a model: its owner's statements, checked against the compiled plan,
//! and the answer that the device must reproduce.

use anchorhold_crypto::digest::sha256;
use anchorhold_engine::format::Element;
use anchorhold_engine::ABI;
use anchorhold_plan_compiler::CompiledPlan;
use anchorhold_policy::{InputContract, ScoreType, SensorKind};
use model_tbf::golden::GoldenRule;
use model_tbf::{BoardNeeds, Golden, Labels, Manifest};

use crate::model_file::ModelFile;
use crate::model_input;

/// The manifest of `plan` with what `file` states, for tiles of `tile_length` bytes.
///
/// # Errors
/// What does not fit, in words.
pub fn manifest<'a>(
    file: &'a ModelFile,
    plan: &CompiledPlan,
    tile_length: u32,
    base_nonce: [u8; 12],
) -> Result<Manifest<'a>, String> {
    let input = file.input();
    check_input(&input, plan)?;
    let element = plan.header.output_element;
    let outputs = plan.header.output_bytes / element.bytes();
    if file.labels.len() != outputs as usize {
        return Err(format!(
            "labels: {} are named, the model has {outputs} outputs; name each once",
            file.labels.len(),
        ));
    }
    let rule = GoldenRule::Ramp;
    let output_digest = golden_output(rule, file, plan, tile_length)?;
    Ok(Manifest {
        name: &file.name,
        uuid: file.uuid().ok_or("uuid: not a UUID")?,
        version: file.version,
        plan_digest: sha256(&plan.bytes),
        plan_length: plan.header.plan_bytes,
        tile_length,
        base_nonce,
        input,
        labels: Labels::new(file.labels.iter().map(String::as_str))
            .ok_or("labels: 1 to 16, each of 1 to 24 bytes")?,
        policy: file.policy().ok_or("policy.allowed-apps: too many")?,
        needs: BoardNeeds {
            arena_bytes: plan.header.arena_bytes,
            engine_abi: ABI,
        },
        golden: Golden {
            rule,
            output_digest,
        },
        scores: match element {
            Element::Int8 => ScoreType::Int8,
            Element::Int16 => ScoreType::Int16,
        },
    })
}

/// Checks that a window is what the model takes.
fn check_input(input: &InputContract, plan: &CompiledPlan) -> Result<(), String> {
    let element = plan.header.input_element;
    if let Some(needed) = model_input::element(input.sensor).filter(|needed| *needed != element) {
        return Err(mismatch(input.sensor, needed));
    }
    let values = model_input::values(input);
    let taken = plan.header.input_bytes / element.bytes();
    let is_sound = input.sensor == SensorKind::Microphone;
    if values != taken as usize {
        let of_what = match is_sound {
            true => format!("the features of {} samples", input.samples),
            false => format!("{} samples of {} channels", input.samples, input.channels),
        };
        return Err(format!(
            "input: {of_what} are {values} values, the model takes {taken}; correct samples and channels"
        ));
    }
    if is_sound && !model_input::takes_features(plan.header.input) {
        return Err(
            "input: the model's scale and zero point are not those of sound features, which \
             are 26/256 and -128; train it with TensorFlow Lite Micro's front end"
                .into(),
        );
    }
    Ok(())
}

/// What to say of a model whose input is not what its sensor needs.
fn mismatch(sensor: SensorKind, needed: Element) -> String {
    let (is, needs, fix) = match (sensor, needed) {
        (SensorKind::Microphone, _) => (
            "int16",
            "the features of a microphone are int8",
            "convert the model with int8 activations",
        ),
        (_, Element::Int8) => ("int16", "sensor is \"tensor\"", "state \"int16-tensor\""),
        (_, Element::Int16) => ("int8", "sensor is \"int16-tensor\"", "state \"tensor\""),
    };
    format!("input: the model's input is {is}, but {needs}; {fix}")
}

/// SHA-256 of what the model answers to the golden input, by the engine on this computer.
fn golden_output(
    rule: GoldenRule,
    file: &ModelFile,
    plan: &CompiledPlan,
    tile_length: u32,
) -> Result<[u8; 32], String> {
    let input = file.input();
    let mut window = vec![0; input.window_bytes()];
    rule.fill(input.sensor, &mut window);
    let values = model_input::of_window(input.sensor, &plan.header, &window);
    let output = anchorhold_plan_compiler::run(&plan.bytes, &values, tile_length as usize, &mut ())
        .map_err(|error| format!("the golden input does not run: {error}"))?;
    let output: Vec<u8> = output
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    Ok(sha256(&output))
}
