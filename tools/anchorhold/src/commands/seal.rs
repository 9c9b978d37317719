//! `anchorhold seal`: a model that only chosen devices can open.

use std::path::PathBuf;

use anchorhold_crypto::digest::sha256;
use anchorhold_engine::ABI;
use anchorhold_plan_compiler::{compile, CompiledPlan, Options};
use anchorhold_policy::SensorKind;
use clap::Args;
use model_tbf::golden::GoldenRule;
use model_tbf::writer::{self, DataTbf, Recipient};
use model_tbf::{BoardNeeds, Golden, Labels, Manifest};
use serde::Serialize;

use super::provision::unknown_board;
use crate::error::{Class, Error};
use crate::files::{self, Access};
use crate::keys::{KeyPair, Password};
use crate::model_file::ModelFile;
use crate::relying_party::RelyingParty;
use crate::sealed::SealedModel;
use crate::simulation::Board;
use crate::tab::{self, Entry};
use crate::{hex, output, progress, random};

const MODEL_LIMIT: usize = 64 * 1024 * 1024;
/// Plaintext bytes of a tile where nobody says otherwise.
const TILE_BYTES: u32 = 1024;

/// Compile a model, encrypt it for chosen devices, sign it, and pack it for tockloader
#[derive(Debug, Args)]
pub struct Arguments {
    /// The model: an int8 .tflite file
    model: PathBuf,
    /// What its owner states about it (model.toml)
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,
    /// The publisher's private key, which signs it
    #[arg(long, value_name = "FILE")]
    publisher: PathBuf,
    /// The first line of this file decrypts the publisher's private key
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The records of the devices that may open it
    #[arg(long = "device", value_name = "RECORD", required = true, num_args = 1..)]
    devices: Vec<PathBuf>,
    /// The public key of the OEM that must have signed the records; without it, the key
    /// that a record itself names is believed
    #[arg(long, value_name = "FILE")]
    oem: Option<PathBuf>,
    /// The TAB to write; never overwritten
    #[arg(short, long, value_name = "TAB")]
    output: PathBuf,
    /// Which board it is for
    #[arg(long, default_value = "opentitan")]
    board: String,
    /// Which of the board's model slots it goes to
    #[arg(long, default_value_t = 0, value_name = "N")]
    slot: usize,
    /// Plaintext bytes of a tile: a multiple of 64 from 256 to 4096 [default: what the
    /// manifest says, or 1024]
    #[arg(long, value_name = "BYTES")]
    tile_bytes: Option<u32>,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
}

/// What was made.
#[derive(Serialize)]
struct Summary {
    name: String,
    version: u64,
    manifest_digest: String,
    plan_bytes: u32,
    resident_bytes: u32,
    arena_bytes: u32,
    tile_bytes: u32,
    tiles: u32,
    tickets: usize,
    package_bytes: usize,
    flash_address: String,
}

/// Seals the model. The content key exists in this process alone.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    files::must_be_absent(&arguments.output)?;
    let file = ModelFile::read(&arguments.manifest)?;
    let slot = Slot::find(arguments)?;
    let password = match &arguments.password_file {
        Some(path) => Some(Password::read(path)?),
        None => None,
    };
    let publisher = KeyPair::read(&arguments.publisher, password.as_ref())?;
    let recipients = recipients(arguments)?;
    let plan = compile_model(arguments, &file)?;
    let manifest = manifest(arguments, &file, &plan)?;

    let sealing = progress::spinner("sealing");
    let package = writer::seal(
        manifest,
        &plan.bytes,
        publisher.signing_key(),
        &random::secret()?,
        &recipients,
    )
    .map_err(|error| Error::input(&arguments.manifest, error))?;
    drop(sealing);

    let (tbf, tab) = slot.pack(&file, &package)?;
    let sealed = SealedModel::from_tbf(&tbf).map_err(|what| {
        Error::new(
            Class::Environment,
            format!("the package does not read back: {what}"),
        )
    })?;
    let digest = sealed.manifest_digest().unwrap_or_default();
    files::write_new(&arguments.output, &tab, Access::Public)?;
    print(
        arguments,
        &Summary {
            name: file.name.clone(),
            version: file.version,
            manifest_digest: hex::encode(&digest),
            plan_bytes: plan.header.plan_bytes,
            resident_bytes: plan.header.resident_bytes,
            arena_bytes: plan.header.arena_bytes,
            tile_bytes: manifest.tile_length,
            tiles: plan.header.plan_bytes.div_ceil(manifest.tile_length),
            tickets: recipients.len(),
            package_bytes: package.len(),
            flash_address: format!("{:#x}", slot.address),
        },
    )
}

fn print(arguments: &Arguments, summary: &Summary) -> Result<(), Error> {
    if arguments.json {
        return output::json(summary);
    }
    output::line(format_args!(
        "sealed {} version {} into {}",
        summary.name,
        summary.version,
        arguments.output.display()
    ));
    output::lines(&[
        (
            "plan",
            format!(
                "{} bytes, {} of them resident",
                summary.plan_bytes, summary.resident_bytes
            ),
        ),
        ("arena", format!("{} bytes", summary.arena_bytes)),
        (
            "tiles",
            format!("{} of {} bytes", summary.tiles, summary.tile_bytes),
        ),
        ("tickets", summary.tickets.to_string()),
        (
            "package",
            format!(
                "{} bytes at {}",
                summary.package_bytes, summary.flash_address
            ),
        ),
        ("manifest", summary.manifest_digest.clone()),
    ]);
    Ok(())
}

fn recipients(arguments: &Arguments) -> Result<Vec<Recipient>, Error> {
    arguments
        .devices
        .iter()
        .map(|path| {
            let party = RelyingParty::new(path, arguments.oem.as_deref())?;
            let device = party.device()?;
            if device.board != arguments.board {
                return Err(Error::input(
                    path,
                    format_args!(
                        "a device with board {}; seal for it with --board {}",
                        device.board, device.board
                    ),
                ));
            }
            Ok(Recipient {
                unseal_key: device.unseal_key,
                ephemeral_seed: random::secret()?,
            })
        })
        .collect()
}

fn compile_model(arguments: &Arguments, file: &ModelFile) -> Result<CompiledPlan, Error> {
    let _progress = progress::spinner("compiling");
    let model = files::read(&arguments.model, MODEL_LIMIT)?;
    let options = Options {
        raw_scale: file.raw_scale(),
    };
    compile(&model, &options).map_err(|error| Error::input(&arguments.model, error))
}

fn manifest<'a>(
    arguments: &Arguments,
    file: &'a ModelFile,
    plan: &CompiledPlan,
) -> Result<Manifest<'a>, Error> {
    let wrong = |what: String| Error::input(&arguments.manifest, what);
    let input = file.input();
    let values = usize::from(input.samples) * usize::from(input.channels);
    if values != plan.header.input_bytes as usize {
        return Err(wrong(format!(
            "input: {} samples of {} channels are {values} values, the model takes {}",
            input.samples, input.channels, plan.header.input_bytes
        )));
    }
    if file.labels.len() != plan.header.output_bytes as usize {
        return Err(wrong(format!(
            "labels: {} are named, the model has {} outputs",
            file.labels.len(),
            plan.header.output_bytes
        )));
    }
    let tile_length = arguments
        .tile_bytes
        .or(file.tile_bytes())
        .unwrap_or(TILE_BYTES);
    let rule = GoldenRule::Ramp;
    let output_digest = golden_output(rule, file, plan, tile_length)
        .map_err(|what| Error::input(&arguments.model, what))?;
    Ok(Manifest {
        name: &file.name,
        uuid: file.uuid().unwrap_or_default(),
        version: file.version,
        plan_digest: sha256(&plan.bytes),
        plan_length: plan.header.plan_bytes,
        tile_length,
        base_nonce: *random::secret()?.expose(),
        input,
        labels: Labels::new(file.labels.iter().map(String::as_str))
            .ok_or_else(|| wrong("labels: 1 to 16, each of 1 to 24 bytes".into()))?,
        policy: file
            .policy()
            .ok_or_else(|| wrong("policy.allowed-apps: too many".into()))?,
        needs: BoardNeeds {
            arena_bytes: plan.header.arena_bytes,
            engine_abi: ABI,
        },
        golden: Golden {
            rule,
            output_digest,
        },
    })
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
    let values: Vec<i8> = match input.sensor {
        SensorKind::Tensor => window
            .iter()
            .map(|byte| i8::from_le_bytes([*byte]))
            .collect(),
        SensorKind::Accelerometer => window
            .as_chunks()
            .0
            .iter()
            .map(|raw| plan.header.input.quantize(i16::from_le_bytes(*raw)))
            .collect(),
    };
    let output = anchorhold_plan_compiler::run(&plan.bytes, &values, tile_length as usize, &mut ())
        .map_err(|error| format!("the golden input does not run: {error}"))?;
    let output: Vec<u8> = output
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    Ok(sha256(&output))
}

/// Where on which board the package goes.
struct Slot {
    board: &'static Board,
    number: usize,
    address: u32,
}

impl Slot {
    fn find(arguments: &Arguments) -> Result<Self, Error> {
        let board =
            Board::by_name(&arguments.board).ok_or_else(|| unknown_board(&arguments.board))?;
        let address = *board.model_slots.get(arguments.slot).ok_or_else(|| {
            Error::new(
                Class::Usage,
                format!(
                    "--slot {}: {} has slots 0 to {}",
                    arguments.slot,
                    board.name,
                    board.model_slots.len() - 1
                ),
            )
        })?;
        Ok(Self {
            board,
            number: arguments.slot,
            address,
        })
    }

    /// The data-only TBF, and the TAB that tockloader installs it from.
    fn pack(&self, file: &ModelFile, package: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let failed = |error: &dyn std::fmt::Display| {
            Error::new(
                Class::Input,
                format!("the package cannot be packed: {error}"),
            )
        };
        // tockloader replaces what has the same name, and two versions may be in place.
        let name = format!("{}-v{}-s{}", file.name, file.version, self.number);
        let header = DataTbf {
            name: &name,
            flash_address: self.address,
            ram_address: self.board.application_ram,
        };
        let tbf = header.wrap(package).map_err(|error| failed(&error))?;
        let room = self.board.model_slot_length as usize;
        if tbf.len() > room {
            return Err(failed(&format_args!(
                "it takes {} bytes of flash, a slot has {room}; make the model smaller",
                tbf.len()
            )));
        }
        let body = self.address as usize + header.header_length();
        let entry = Entry {
            name: format!(
                "{}.{body:#010x}.{:#010x}.tbf",
                self.board.architecture, self.board.application_ram
            ),
            tbf,
        };
        let tab = tab::pack(&name, &entry).map_err(|error| failed(&error))?;
        Ok((entry.tbf, tab))
    }
}
