//! Models to seal, and sealed ones.

use std::fs;
use std::path::{Path, PathBuf};

use anchorhold::tbf::Tbf;
use anchorhold_audio_frontend::FEATURE_UNIT;
use anchorhold_evidence::Model as Identity;
use anchorhold_plan_compiler::{compile, CompiledPlan, Options};

use model_tbf::{Manifest, Package, VerifiedPackage};
use tflite_writer::model::int16_classifier;

use crate::artifacts::{built, demo, repository};
use crate::command::anchorhold;
use crate::made;
use crate::people::{self, Device, Key};

/// A model and what its owner states about it.
#[derive(Clone, Debug)]
pub struct Model {
    /// The `.tflite` file.
    pub weights: PathBuf,
    /// The text of `model.toml`.
    pub manifest: String,
    /// Model units for a raw sensor count.
    pub raw_scale: Option<f64>,
}

/// The demonstration's condition monitor.
#[track_caller]
pub fn condition_monitor() -> Model {
    Model {
        weights: demo("model.tflite"),
        manifest: read(&demo("model.toml")),
        raw_scale: Some(0.001),
    }
}

/// The model called `name` of the reference models in the folder `models`, which take
/// whole tensors.
#[track_caller]
pub fn reference_model(models: &Path, name: &str) -> Model {
    Model {
        weights: models.join(name).with_extension("tflite"),
        manifest: read(
            &repository()
                .join("tests/models")
                .join(name)
                .with_extension("toml"),
        ),
        raw_scale: None,
    }
}

/// A small model with int16 activations, which takes whole int16 tensors.
#[track_caller]
pub fn int16_model() -> Model {
    let file = int16_classifier().file();
    let name = format!("int16-{}.tflite", made::digest_of_bytes(&file));
    let weights = made::once(&name, |path| fs::write(path, &file).expect("a model"));
    Model {
        weights,
        manifest: read(&repository().join("tests/models/int16.toml")),
        raw_scale: None,
    }
}

/// The model at `weights` that hears, with a manifest of `tests/models`.
#[track_caller]
pub fn listener(weights: &Path, manifest: &str) -> Model {
    Model {
        weights: weights.to_owned(),
        manifest: read(&repository().join("tests/models").join(manifest)),
        raw_scale: Some(FEATURE_UNIT),
    }
}

impl Model {
    /// The same model with `from` in its manifest replaced by `to`.
    #[track_caller]
    pub fn with(&self, from: &str, to: &str) -> Self {
        assert!(
            self.manifest.contains(from),
            "`{from}` is not in the manifest"
        );
        Self {
            manifest: self.manifest.replace(from, to),
            ..self.clone()
        }
    }

    /// The same model as version `version`.
    #[track_caller]
    pub fn version(&self, version: u64) -> Self {
        self.with("version = 1\n", &format!("version = {version}\n"))
    }

    /// The plan, in plaintext: what must never be found outside the cell.
    #[track_caller]
    pub fn plan(&self) -> CompiledPlan {
        let weights = fs::read(&self.weights).expect("the model's weights");
        let options = Options {
            raw_scale: self.raw_scale,
        };
        compile(&weights, &options).expect("a model that compiles")
    }

    /// The model sealed by the publisher whom devices trust, for `devices`.
    #[track_caller]
    pub fn sealed(&self, devices: &[&Device]) -> Sealed {
        self.sealed_by(&people::publisher(), devices)
    }

    /// The model sealed by `publisher` for `devices`: the file is made once.
    #[track_caller]
    pub fn sealed_by(&self, publisher: &Key, devices: &[&Device]) -> Sealed {
        let records: Vec<_> = devices.iter().map(|device| device.record_file()).collect();
        let tool = built("debug/anchorhold");
        let mut inputs = vec![
            self.weights.as_path(),
            publisher.private.as_path(),
            tool.as_path(),
        ];
        inputs.extend(records.iter().map(PathBuf::as_path));
        let name = made::digest_of(&inputs, &[&self.manifest]);
        let tab = made::once(&format!("{name}.tab"), |path| {
            let directory = path.parent().unwrap_or(Path::new("."));
            fs::write(directory.join("model.toml"), &self.manifest).expect("a manifest");
            let mut arguments = vec![
                "seal".as_ref(),
                self.weights.as_os_str(),
                "--manifest".as_ref(),
                "model.toml".as_ref(),
                "--publisher".as_ref(),
                publisher.private.as_os_str(),
                "-o".as_ref(),
                path.as_os_str(),
            ];
            let oem = people::oem();
            arguments.extend(["--oem".as_ref(), oem.public.as_os_str()]);
            for record in &records {
                arguments.extend(["--device".as_ref(), record.as_os_str()]);
            }
            anchorhold(directory, arguments).succeeded();
        });
        Sealed { tab }
    }
}

/// A sealed model.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The TAB.
    pub tab: PathBuf,
}

impl Sealed {
    /// The TBFs in the TAB, one for each slot of a board's flash.
    #[track_caller]
    pub fn entries(&self) -> Vec<anchorhold::tab::Entry> {
        let bytes = fs::read(&self.tab).expect("the sealed model");
        anchorhold::tab::unpack(&bytes).expect("a TAB")
    }

    /// The package in the first of the TBFs, without padding.
    #[track_caller]
    pub fn package(&self) -> Vec<u8> {
        let entries = self.entries();
        let tbf = &entries.first().expect("a TBF").tbf;
        let tbf = Tbf::parse(tbf).expect("a sound TBF");
        let package = Package::parse(tbf.body).expect("a sound package");
        let length = package.header().package_length() as usize;
        tbf.body[..length].to_vec()
    }

    /// What `read` finds in the manifest, whose signature the devices accept.
    #[track_caller]
    pub fn with_manifest<T>(&self, read: impl FnOnce(&Manifest<'_>) -> T) -> T {
        let package = self.package();
        read(verified(&package).manifest())
    }

    /// How Evidence names the model.
    #[track_caller]
    pub fn identity(&self) -> Identity {
        let package = self.package();
        let package = verified(&package);
        let manifest = package.manifest();
        Identity {
            uuid: manifest.uuid,
            version: manifest.version,
            manifest_digest: package.manifest_digest(),
        }
    }
}

#[track_caller]
fn verified(package: &[u8]) -> VerifiedPackage<'_> {
    Package::parse(package)
        .and_then(|package| package.verify(&people::publisher().public_key()))
        .expect("a package of the publisher")
}

#[track_caller]
fn read(path: &Path) -> String {
    match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => panic!("{}: {error}", path.display()),
    }
}
