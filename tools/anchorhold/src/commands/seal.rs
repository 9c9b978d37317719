//! `anchorhold seal`: a model that only chosen devices can open.

use std::path::{Path, PathBuf};

use anchorhold_plan_compiler::{compile, CompiledPlan, Options};
use clap::Args;
use model_tbf::writer::{self, Recipient};
use serde::Serialize;

use crate::board::Board;
use crate::error::{Class, Error};
use crate::files::{self, Access};
use crate::keys::{KeyPair, Password};
use crate::model_file::ModelFile;
use crate::model_manifest::manifest;
use crate::model_slot::ModelSlot;
use crate::preflight::{self, Preflight};
use crate::relying_party::RelyingParty;
use crate::sealed::SealedModel;
use crate::{hex, output, progress, random, tile_length};

const MODEL_LIMIT: usize = 64 * 1024 * 1024;

/// Compile a model, encrypt it for chosen devices, sign it, and pack it for tockloader
#[derive(Debug, Args)]
pub struct Arguments {
    /// The model: a .tflite file with int8 weights, and int8 or int16 activations
    model: PathBuf,
    /// What its owner states about it (model.toml)
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,
    /// Seal nothing: say whether the model fits this board, and what it takes there
    #[arg(long, value_name = "BOARD", conflicts_with_all = ["devices", "output"])]
    check: Option<String>,
    /// The publisher's private key, which signs it
    #[arg(long, value_name = "FILE", required_unless_present = "check")]
    publisher: Option<PathBuf>,
    /// The first line of this file decrypts the publisher's private key
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The records of the devices that may open it, of one board or of several
    #[arg(long = "device", value_name = "RECORD", required_unless_present = "check", num_args = 1..)]
    devices: Vec<PathBuf>,
    /// The public key of the OEM that must have signed the records: whoever could swap a
    /// record for another would get the model
    #[arg(long, value_name = "FILE", required_unless_present = "check")]
    oem: Option<PathBuf>,
    /// The TAB to write; never overwritten
    #[arg(short, long, value_name = "TAB", required_unless_present = "check")]
    output: Option<PathBuf>,
    /// Which of the model slots of the devices' boards it goes to
    #[arg(long, default_value_t = 0, value_name = "N")]
    slot: usize,
    /// Plaintext bytes of a tile: a multiple of 64 from 256 to 4096 [default: what the
    /// manifest says, or a quarter of the plan, at most 4096]
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

/// Seals the model, or says what it takes. The content key exists in this process alone.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let options = (&arguments.publisher, &arguments.oem, &arguments.output);
    match (&arguments.check, options) {
        (Some(board), _) => check(arguments, Board::chosen("--check", board)?),
        (None, (Some(publisher), Some(oem), Some(output))) => {
            seal(arguments, publisher, oem, output)
        }
        (None, _) => Err(Error::new(
            Class::Usage,
            "--publisher, --device, --oem and --output are needed, or --check",
        )),
    }
}

/// A model that has been compiled, and what its owner states about it.
struct Prepared {
    file: ModelFile,
    plan: CompiledPlan,
    tile_bytes: u32,
}

impl Prepared {
    fn new(arguments: &Arguments) -> Result<Self, Error> {
        let file = ModelFile::read(&arguments.manifest)?;
        let chosen = tile_bytes(arguments, &file)?;
        let plan = compile_model(arguments, &file)?;
        let tile_bytes = chosen.unwrap_or(tile_length::usual(plan.header.plan_bytes));
        Ok(Self {
            file,
            plan,
            tile_bytes,
        })
    }

    /// The package that `publisher` signs and the recipients can open.
    fn package(
        &self,
        arguments: &Arguments,
        publisher: &KeyPair,
        recipients: &[Recipient],
    ) -> Result<Vec<u8>, Error> {
        let _progress = progress::spinner("sealing");
        let base_nonce = *random::secret()?.expose();
        let manifest = manifest(&self.file, &self.plan, self.tile_bytes, base_nonce)
            .map_err(|what| Error::input(&arguments.manifest, what))?;
        let key = publisher.signing_key();
        writer::seal(
            manifest,
            &self.plan.bytes,
            key,
            &random::secret()?,
            recipients,
        )
        .map_err(|error| Error::input(&arguments.manifest, error))
    }

    /// How it fits `board`, in `slot` with this package, if there is one.
    fn preflight(
        &self,
        board: &'static Board,
        slot: &ModelSlot,
        package: Option<&Vec<u8>>,
    ) -> Preflight {
        let (file, plan) = (&self.file, &self.plan);
        let mut needs = preflight::needs(plan, &file.input(), self.tile_bytes);
        needs.extend(package.map(|package| {
            let bytes = slot.tbf_bytes(file, package);
            preflight::slot(bytes, self.tile_bytes, board.family)
        }));
        Preflight::new(&file.name, file.version, board, &plan.report, needs)
    }
}

/// Seals with keys that nobody keeps, for a package as long as one for a single device.
fn check(arguments: &Arguments, board: &'static Board) -> Result<(), Error> {
    let slot = ModelSlot::find(&[board], arguments.slot)?;
    let prepared = Prepared::new(arguments)?;
    let device = Recipient {
        unseal_key: *KeyPair::generate()?.public_key(),
        ephemeral_seed: random::secret()?,
    };
    let package = prepared.package(arguments, &KeyPair::generate()?, &[device]);
    let preflight = prepared.preflight(board, &slot, package.as_ref().ok());
    let verdict = preflight.verdict(&arguments.model);
    // What the manifest says wrong of a model that does not fit is of no interest yet.
    if verdict.is_ok() {
        package?;
    }
    preflight.print(arguments.json)?;
    verdict
}

fn seal(arguments: &Arguments, publisher: &Path, oem: &Path, output: &Path) -> Result<(), Error> {
    files::must_be_absent(output)?;
    let password = match &arguments.password_file {
        Some(path) => Some(Password::read(path)?),
        None => None,
    };
    let publisher = KeyPair::read(publisher, password.as_ref())?;
    let (boards, recipients) = recipients(&arguments.devices, oem)?;
    let slot = ModelSlot::find(&boards, arguments.slot)?;
    let prepared = Prepared::new(arguments)?;
    let package = prepared.package(arguments, &publisher, &recipients);
    for board in boards {
        let preflight = prepared.preflight(board, &slot, package.as_ref().ok());
        preflight.verdict(&arguments.model)?;
    }
    let package = package?;

    let (entries, tab) = slot.pack(&prepared.file, &package)?;
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
    files::write_new(output, &tab, Access::Public)?;
    let Prepared {
        file,
        plan,
        tile_bytes,
    } = &prepared;
    let summary = Summary {
        name: file.name.clone(),
        version: file.version,
        manifest_digest: hex::encode(&digest),
        plan_bytes: plan.header.plan_bytes,
        resident_bytes: plan.header.resident_bytes,
        arena_bytes: plan.header.arena_bytes,
        tile_bytes: *tile_bytes,
        tiles: plan.header.plan_bytes.div_ceil(*tile_bytes),
        tickets: recipients.len(),
        package_bytes: package.len(),
        places: slot.places().map(Place::new).collect(),
    };
    if arguments.json {
        return output::json(&summary);
    }
    summary.print(output);
    Ok(())
}

impl Summary {
    fn print(&self, output: &Path) {
        output::line(format_args!(
            "sealed {} version {} into {}",
            self.name,
            self.version,
            output.display()
        ));
        let mut lines = vec![
            (
                "plan",
                format!(
                    "{} bytes, {} of them resident",
                    self.plan_bytes, self.resident_bytes
                ),
            ),
            ("arena", format!("{} bytes", self.arena_bytes)),
            (
                "tiles",
                format!("{} of {} bytes", self.tiles, self.tile_bytes),
            ),
            ("tickets", self.tickets.to_string()),
            ("package", format!("{} bytes", self.package_bytes)),
            ("manifest", self.manifest_digest.clone()),
        ];
        let places = self.places.iter();
        lines.extend(
            places.map(|place| (place.architecture, format!("at {}", place.flash_address))),
        );
        output::lines(&lines);
    }
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
fn recipients(
    records: &[PathBuf],
    oem: &Path,
) -> Result<(Vec<&'static Board>, Vec<Recipient>), Error> {
    let mut boards = Vec::new();
    let mut recipients: Vec<Recipient> = Vec::new();
    for path in records {
        let party = RelyingParty::new(path, Some(oem))?;
        let device = party.device()?;
        let board = Board::named(device.board).ok_or_else(|| {
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

/// Plaintext bytes of a tile, if anybody says.
fn tile_bytes(arguments: &Arguments, file: &ModelFile) -> Result<Option<u32>, Error> {
    if let Some(bytes) = arguments.tile_bytes {
        let checked = tile_length::check(bytes).map(Some);
        return checked.map_err(|what| Error::new(Class::Usage, format!("--tile-bytes: {what}")));
    }
    let checked = file.tile_bytes().map(tile_length::check).transpose();
    checked.map_err(|what| Error::input(&arguments.manifest, format_args!("tile-bytes: {what}")))
}

fn compile_model(arguments: &Arguments, file: &ModelFile) -> Result<CompiledPlan, Error> {
    let _progress = progress::spinner("compiling");
    let model = files::read(&arguments.model, MODEL_LIMIT)?;
    let options = Options {
        raw_scale: file.raw_scale(),
    };
    compile(&model, &options).map_err(|error| Error::input(&arguments.model, error))
}
