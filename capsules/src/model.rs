//! The model in use: what its signed manifest says.

use anchorhold_evidence::Model;
use anchorhold_policy::{InputContract, Policy, ScoreType};
use kernel::utilities::cells::MapCell;
use model_tbf::{Golden, Manifest, VerifiedPackage};

/// The accepted model whose answers are given; none until the vault found one.
pub struct ActiveModel {
    package: MapCell<VerifiedPackage<'static>>,
}

impl ActiveModel {
    /// No model.
    pub const fn new() -> ActiveModel {
        ActiveModel {
            package: MapCell::empty(),
        }
    }

    /// Puts a model to use.
    pub(crate) fn replace(&self, package: VerifiedPackage<'static>) {
        self.package.replace(package);
    }

    /// Looks at the package; `None` when there is no model.
    pub(crate) fn with<R>(&self, look: impl FnOnce(&VerifiedPackage<'static>) -> R) -> Option<R> {
        self.package.map(|package| look(package))
    }

    fn manifest<R>(&self, look: impl FnOnce(&Manifest<'static>) -> R) -> Option<R> {
        self.with(|package| look(package.manifest()))
    }

    /// The model's UUID.
    pub fn uuid(&self) -> Option<[u8; 16]> {
        self.manifest(|manifest| manifest.uuid)
    }

    /// What the model expects of its input.
    pub fn input(&self) -> Option<InputContract> {
        self.manifest(|manifest| manifest.input)
    }

    /// The owner's policy.
    pub fn policy(&self) -> Option<Policy> {
        self.manifest(|manifest| manifest.policy)
    }

    /// What the scores of an output are.
    pub fn scores(&self) -> Option<ScoreType> {
        self.manifest(|manifest| manifest.scores)
    }

    /// Number of labels.
    pub fn labels(&self) -> Option<usize> {
        self.manifest(|manifest| manifest.labels.as_slice().len())
    }

    /// The self-test: its input rule, and the digest of the output.
    pub fn golden(&self) -> Option<Golden> {
        self.manifest(|manifest| manifest.golden)
    }

    /// How long sampling a window takes, in milliseconds; 0 without a model.
    pub fn window_ms(&self) -> u64 {
        self.input().map_or(0, |input| input.window_ms())
    }

    /// The model as evidence names it.
    pub fn claim(&self) -> Option<Model> {
        self.with(|package| Model {
            uuid: package.manifest().uuid,
            version: package.manifest().version,
            manifest_digest: package.manifest_digest(),
        })
    }
}

impl Default for ActiveModel {
    fn default() -> Self {
        ActiveModel::new()
    }
}
