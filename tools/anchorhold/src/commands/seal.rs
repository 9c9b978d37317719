//! `anchorhold seal`: a model that only chosen devices can open.

use std::path::PathBuf;

use anchorhold_plan_compiler::{compile, CompiledPlan, Options};
use clap::Args;
use model_tbf::writer::{self, Recipient};
use serde::Serialize;

use crate::board::{Board, ROOM};
use crate::error::{Class, Error};
use crate::files::{self, Access};
use crate::keys::{KeyPair, Password};
use crate::model_file::ModelFile;
use crate::model_manifest::manifest;
use crate::model_slot::ModelSlot;
use crate::relying_party::RelyingParty;
use crate::sealed::SealedModel;
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
    /// The records of the devices that may open it, of one board or of several
    #[arg(long = "device", value_name = "RECORD", required = true, num_args = 1..)]
    devices: Vec<PathBuf>,
    /// The public key of the OEM that must have signed the records: whoever could swap a
    /// record for another would get the model
    #[arg(long, value_name = "FILE")]
    oem: PathBuf,
    /// The TAB to write; never overwritten
    #[arg(short, long, value_name = "TAB")]
    output: PathBuf,
    /// Which of the model slots of the devices' boards it goes to
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
    places: Vec<Place>,
}

/// Where it goes in the flash of one memory map.
#[derive(Serialize)]
struct Place {
    architecture: &'static str,
    flash_address: String,
}

/// Seals the model. The content key exists in this process alone.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    files::must_be_absent(&arguments.output)?;
    let file = ModelFile::read(&arguments.manifest)?;
    let password = match &arguments.password_file {
        Some(path) => Some(Password::read(path)?),
        None => None,
    };
    let publisher = KeyPair::read(&arguments.publisher, password.as_ref())?;
    let (boards, recipients) = recipients(arguments)?;
    let slot = ModelSlot::find(&boards, arguments.slot)?;
    let plan = compile_model(arguments, &file)?;
    let tile_length = arguments
        .tile_bytes
        .or(file.tile_bytes())
        .unwrap_or(TILE_BYTES);
    let base_nonce = *random::secret()?.expose();
    let manifest = manifest(&file, &plan, tile_length, base_nonce)
        .map_err(|what| Error::input(&arguments.manifest, what))?;

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

    let (entries, tab) = slot.pack(&file, &package)?;
    let mut digest = [0; 32];
    for entry in &entries {
        digest = SealedModel::from_tbf(&entry.tbf)
            .and_then(|sealed| sealed.manifest_digest())
            .map_err(|what| {
                Error::new(
                    Class::Environment,
                    format!("the package does not read back: {what}"),
                )
            })?;
    }
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
            tile_bytes: tile_length,
            tiles: plan.header.plan_bytes.div_ceil(tile_length),
            tickets: recipients.len(),
            package_bytes: package.len(),
            places: slot.places().map(Place::new).collect(),
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
    let mut lines = vec![
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
        ("package", format!("{} bytes", summary.package_bytes)),
        ("manifest", summary.manifest_digest.clone()),
    ];
    let places = summary.places.iter();
    lines.extend(places.map(|place| (place.architecture, format!("at {}", place.flash_address))));
    output::lines(&lines);
    Ok(())
}

impl Place {
    fn new((architecture, address): (&'static str, u32)) -> Self {
        Self {
            architecture,
            flash_address: format!("{address:#x}"),
        }
    }
}

/// The devices that may open it, and their boards.
fn recipients(arguments: &Arguments) -> Result<(Vec<&'static Board>, Vec<Recipient>), Error> {
    let mut boards = Vec::new();
    let mut recipients: Vec<Recipient> = Vec::new();
    for path in &arguments.devices {
        let party = RelyingParty::new(path, Some(&arguments.oem))?;
        let device = party.device()?;
        let board = Board::named(device.board).map_err(|_| {
            Error::input(
                path,
                format_args!(
                    "a device with board {}, which is unknown here",
                    device.board
                ),
            )
        })?;
        let unseal_key = device.unseal_key;
        if recipients
            .iter()
            .any(|other| other.unseal_key == unseal_key)
        {
            return Err(Error::input(
                path,
                "the record of a device that was given already; give each device once",
            ));
        }
        boards.push(board);
        recipients.push(Recipient {
            unseal_key,
            ephemeral_seed: random::secret()?,
        });
    }
    Ok((boards, recipients))
}

fn compile_model(arguments: &Arguments, file: &ModelFile) -> Result<CompiledPlan, Error> {
    let _progress = progress::spinner("compiling");
    let model = files::read(&arguments.model, MODEL_LIMIT)?;
    let options = Options {
        raw_scale: file.raw_scale(),
    };
    let refused = |error| Error::input(&arguments.model, error);
    let plan = compile(&model, &options).map_err(refused)?;
    plan.check_fit(&ROOM).map_err(refused)?;
    Ok(plan)
}
