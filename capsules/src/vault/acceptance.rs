//! Which packages are accepted, and which of them is used.
//!
//! Packages are looked at in the order they lie in flash, one a call. One is accepted
//! if the trusted publisher signed it, the board can run it, it is not older than the
//! newest version that was ever accepted, its content key opens on this device, and
//! every tile authenticates and belongs to the signed plan. The highest accepted
//! version is used. A package that is refused changes nothing.

use crate::device_state::DeviceState;
use crate::keys::Keys;
use crate::model::ActiveModel;
use crate::shield::{self, Shield};
use anchorhold_crypto::es256::PublicKey;
use anchorhold_crypto::kdf::Purpose;
use anchorhold_crypto::Secret;
use anchorhold_policy::Budget;
use anchorhold_state::{ModelRecord, WrappedKey};
use core::cell::Cell;
use core::fmt;
use kernel::ErrorCode;
use model_tbf::{packages, Package, Refusal, VerifiedPackage};

/// What a model may need of this board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoardLimits {
    /// Largest arena that the inference process can have, in bytes.
    pub arena_bytes: u32,
    /// The engine's ABI number.
    pub engine_abi: u16,
}

/// Why a package is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Something is wrong with the package, or it is not for this device.
    Refused(Refusal),
    /// The device remembers too many other models to remember this one's floor.
    NoRoom,
    /// The keys or the state of the device cannot be used.
    Unavailable,
}

impl Verdict {
    /// A number for the log; a refusal has its own, 1 to 15.
    pub fn code(&self) -> u8 {
        match self {
            Verdict::Refused(refusal) => refusal.code(),
            Verdict::NoRoom => 16,
            Verdict::Unavailable => 17,
        }
    }
}

impl From<Refusal> for Verdict {
    fn from(refusal: Refusal) -> Verdict {
        Verdict::Refused(refusal)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Refused(refusal) => refusal.fmt(f),
            Verdict::NoRoom => f.write_str("too many other models are remembered"),
            Verdict::Unavailable => f.write_str("the device's keys or state are not usable"),
        }
    }
}

/// An accepted model, as the log names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The name in the manifest.
    pub name: &'static str,
    /// The version in the manifest.
    pub version: u64,
}

/// The search for models in a region of flash.
pub struct Acceptance<'a> {
    flash: &'static [u8],
    limits: BoardLimits,
    keys: &'a Keys<'a>,
    state: &'a DeviceState<'a>,
    model: &'a ActiveModel,
    /// How many packages were looked at.
    scanned: Cell<usize>,
    news: Cell<bool>,
}

impl<'a> Acceptance<'a> {
    /// A search that has not begun; the model to use is put into `model`.
    pub fn new(
        flash: &'static [u8],
        limits: BoardLimits,
        keys: &'a Keys<'a>,
        state: &'a DeviceState<'a>,
        model: &'a ActiveModel,
    ) -> Acceptance<'a> {
        Acceptance {
            flash,
            limits,
            keys,
            state,
            model,
            scanned: Cell::new(0),
            news: Cell::new(false),
        }
    }

    /// Looks at the next package: where it lies, and what became of it. `None` when
    /// there is none left.
    pub fn next(&self) -> Option<(usize, Result<Accepted, Verdict>)> {
        let index = self.scanned.get();
        let (offset, body) = packages(self.flash).nth(index)?;
        self.scanned.set(index.saturating_add(1));
        let address = (self.flash.as_ptr() as usize).wrapping_add(offset);
        let result = body.map_err(Verdict::from).and_then(|b| self.consider(b));
        Some((address, result))
    }

    /// Whether a model was accepted that storage does not know of yet.
    pub fn has_news(&self) -> bool {
        self.news.get()
    }

    /// Checks a package, remembers it if it is new, and uses it if it is the newest.
    #[inline(never)] // or every step of start-up would have a package on its stack
    fn consider(&self, body: &'static [u8]) -> Result<Accepted, Verdict> {
        let identity = self.keys.identity().ok_or(Verdict::Unavailable)?;
        let package = verify(body, &identity.publisher)?;
        let manifest = package.manifest();
        manifest.check_board(self.limits.arena_bytes, self.limits.engine_abi)?;

        let known = self.known(&package)?;
        shield::public_key(|shield| {
            let key = match known {
                Some(record) => self.reopen(shield, &record, &package)?,
                None => {
                    let unseal = self.keys.unseal(shield).map_err(unavailable)?;
                    package.unwrap_content_key(&unseal, identity.unseal_kid)?
                }
            };
            package.check_tiles(&key)?;
            if known.is_none() {
                self.remember(shield, &package, &key)?;
            }
            Ok::<(), Verdict>(())
        })?;
        self.use_if_newest(&package);
        Ok(Accepted {
            name: manifest.name,
            version: manifest.version,
        })
    }

    /// What is remembered of exactly this manifest.
    ///
    /// # Errors
    /// `OlderVersion` below the model's floor, and `DuplicateVersion` at the floor with
    /// another manifest: one version has one content.
    fn known(&self, package: &VerifiedPackage) -> Result<Option<ModelRecord>, Verdict> {
        let manifest = package.manifest();
        let record = self
            .state
            .with(|state| state.model(&manifest.uuid).copied())
            .ok_or(Verdict::Unavailable)?;
        match record {
            Some(record) if manifest.version < record.version_floor => {
                Err(Refusal::OlderVersion.into())
            }
            Some(record) if manifest.version == record.version_floor => {
                if record.manifest_digest == package.manifest_digest() {
                    Ok(Some(record))
                } else {
                    Err(Refusal::DuplicateVersion.into())
                }
            }
            _ => Ok(None),
        }
    }

    /// The content key of a model that was accepted before.
    fn reopen(
        &self,
        shield: &Shield,
        record: &ModelRecord,
        package: &VerifiedPackage,
    ) -> Result<Secret<32>, Verdict> {
        let wrap_key = self
            .keys
            .symmetric(shield, Purpose::ContentKeyWrap)
            .map_err(unavailable)?;
        record
            .wrapped_key
            .unwrap(&wrap_key, &package.manifest_digest())
            .map_err(|_| Verdict::Unavailable)
    }

    /// Remembers a model that is accepted for the first time: its floor, its key
    /// wrapped for this device, and a full budget.
    fn remember(
        &self,
        shield: &Shield,
        package: &VerifiedPackage,
        key: &Secret<32>,
    ) -> Result<(), Verdict> {
        let manifest = package.manifest();
        let digest = package.manifest_digest();
        let wrap_key = self
            .keys
            .symmetric(shield, Purpose::ContentKeyWrap)
            .map_err(unavailable)?;
        let record = ModelRecord {
            uuid: manifest.uuid,
            version_floor: manifest.version,
            manifest_digest: digest,
            wrapped_key: WrappedKey::wrap(&wrap_key, &digest, key),
            usage: Budget::new(manifest.policy.rate).snapshot(),
        };
        self.state.remember(record).map_err(|error| match error {
            ErrorCode::NOMEM => Verdict::NoRoom,
            _ => Verdict::Unavailable,
        })?;
        self.news.set(true);
        Ok(())
    }

    /// Uses the package, unless a higher version, or an equal one before it, is in use.
    fn use_if_newest(&self, package: &VerifiedPackage<'static>) {
        let version = package.manifest().version;
        let in_use = self.model.with(|other| other.manifest().version);
        if in_use.is_none_or(|in_use| version > in_use) {
            self.model.replace(*package);
        }
    }
}

/// Checks the structure and the publisher's signature.
#[inline(never)] // the signature check needs most of the stack for itself
fn verify(body: &'static [u8], publisher: &PublicKey) -> Result<VerifiedPackage<'static>, Refusal> {
    Package::parse(body)?.verify(publisher)
}

fn unavailable(_: ErrorCode) -> Verdict {
    Verdict::Unavailable
}
