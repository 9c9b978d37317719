//! The vault driver's system calls: open, tiles, close.

use super::acceptance::{Acceptance, BoardLimits};
use crate::device_state::DeviceState;
use crate::keys::Keys;
use crate::model::ActiveModel;
use crate::shield;
use crate::work::Work;
use anchorhold_crypto::kdf::Purpose;
use anchorhold_crypto::Secret;
use anchorhold_state::State;
use kernel::debug;
use kernel::grant::{AllowRoCount, AllowRwCount, Grant, GrantKernelData, UpcallCount};
use kernel::processbuffer::{WriteableProcessBuffer, WriteableProcessSlice};
use kernel::syscall::{CommandReturn, SyscallDriver};
use kernel::{ErrorCode, ProcessId};
use model_tbf::{Manifest, VerifiedPackage};

/// Numbers of the commands.
mod command {
    pub const EXISTS: usize = 0;
    pub const OPEN: usize = 1;
    pub const TILE: usize = 2;
    pub const CLOSE: usize = 3;
    pub const MAY_STAY: usize = 4;
}

/// Numbers of the writable buffers.
mod rw_allow {
    /// Where a tile goes.
    pub const TILE: usize = 0;
    pub const COUNT: u8 = 1;
}

/// What the vault keeps in the inference process's grant: kernel memory that the
/// process itself cannot reach.
#[derive(Default)]
pub struct App {
    content_key: Option<Secret<32>>,
}

/// The grant of the driver.
pub type VaultGrant =
    Grant<App, UpcallCount<0>, AllowRoCount<0>, AllowRwCount<{ rw_allow::COUNT }>>;

/// The vault.
pub struct Vault<'a> {
    acceptance: Acceptance<'a>,
    keys: &'a Keys<'a>,
    state: &'a DeviceState<'a>,
    model: &'a ActiveModel,
    work: &'a Work<'a>,
    apps: VaultGrant,
}

impl<'a> Vault<'a> {
    /// A vault over the flash that model packages are installed in.
    pub fn new(
        flash: &'static [u8],
        limits: BoardLimits,
        keys: &'a Keys<'a>,
        state: &'a DeviceState<'a>,
        model: &'a ActiveModel,
        work: &'a Work<'a>,
        grant: VaultGrant,
    ) -> Vault<'a> {
        Vault {
            acceptance: Acceptance::new(flash, limits, keys, state, model),
            keys,
            state,
            model,
            work,
            apps: grant,
        }
    }

    /// Looks at the next package in flash, and says in the log what became of it.
    /// `false` when there is none left.
    pub fn scan_next(&self) -> bool {
        match self.acceptance.next() {
            Some((address, Ok(accepted))) => debug!(
                "vault: accepted {} version {} at 0x{:x}",
                accepted.name, accepted.version, address
            ),
            Some((address, Err(verdict))) => debug!(
                "vault: refused package at 0x{:x}: {} (status {})",
                address,
                verdict,
                verdict.code()
            ),
            None => return false,
        }
        true
    }

    /// Whether a model was accepted that storage does not know of yet.
    pub fn has_news(&self) -> bool {
        self.acceptance.has_news()
    }

    /// Wipes the content key that a process opened, if it did.
    pub fn wipe(&self, process: ProcessId) {
        let _ = self.apps.enter(process, |app, _| app.content_key = None);
    }

    /// Unwraps the content key into the process's grant.
    fn open(&self, process: ProcessId) -> Result<(u32, u32, u32), ErrorCode> {
        let (uuid, digest, facts) = self
            .model
            .with(|package| {
                let manifest = package.manifest();
                let facts = (
                    manifest.plan_length,
                    manifest.tile_length,
                    package.tile_count(),
                );
                (manifest.uuid, package.manifest_digest(), facts)
            })
            .ok_or(ErrorCode::NODEVICE)?;
        let wrapped = |state: &State| Some(state.model(&uuid)?.wrapped_key);
        let wrapped = self.state.with(wrapped).flatten().ok_or(ErrorCode::FAIL)?;
        shield::symmetric(|shield| {
            let wrap_key = self.keys.symmetric(shield, Purpose::ContentKeyWrap)?;
            let content_key = wrapped
                .unwrap(&wrap_key, &digest)
                .map_err(|_| ErrorCode::FAIL)?;
            self.apps
                .enter(process, |app, _| app.content_key = Some(content_key))?;
            Ok(facts)
        })
    }

    /// Decrypts a tile into the process's buffer.
    fn tile(&self, process: ProcessId, index: usize) -> Result<u32, ErrorCode> {
        let index = u32::try_from(index).map_err(|_| ErrorCode::INVAL)?;
        self.apps.enter(process, |app, kernel| {
            let key = app.content_key.as_ref().ok_or(ErrorCode::RESERVE)?;
            self.model
                .with(|package| {
                    shield::symmetric(|_| decrypt_into_process(package, key, index, kernel))
                })
                .ok_or(ErrorCode::NODEVICE)?
        })?
    }
}

/// Checks the tile's tag and decrypts it block by block into the process's buffer, so
/// that the kernel never holds more than a block of plaintext.
fn decrypt_into_process(
    package: &VerifiedPackage,
    key: &Secret<32>,
    index: u32,
    kernel: &GrantKernelData,
) -> Result<u32, ErrorCode> {
    if index >= package.tile_count() {
        return Err(ErrorCode::INVAL);
    }
    let length = tile_length(package.manifest(), index);
    kernel
        .get_readwrite_processbuffer(rw_allow::TILE)
        .and_then(|buffer| {
            buffer.mut_enter(|room| {
                let room = room.get(..length).ok_or(ErrorCode::SIZE)?;
                package
                    .decrypt_tile(key, index, |offset, block| write(room, offset, block))
                    .map(|length| length as u32)
                    .map_err(|_| ErrorCode::FAIL)
            })
        })
        .unwrap_or(Err(ErrorCode::SIZE))
}

/// Plaintext bytes of the tile with this index; the last one may be shorter.
fn tile_length(manifest: &Manifest, index: u32) -> usize {
    let before = index.saturating_mul(manifest.tile_length);
    let rest = manifest.plan_length.saturating_sub(before);
    rest.min(manifest.tile_length) as usize
}

/// Copies a block to its place, which the caller checked is there.
fn write(room: &WriteableProcessSlice, offset: usize, block: &[u8]) {
    let end = offset.saturating_add(block.len());
    if let Some(place) = room.get(offset..end) {
        let _ = place.copy_from_slice_or_err(block);
    }
}

impl SyscallDriver for Vault<'_> {
    fn command(
        &self,
        command: usize,
        argument: usize,
        _: usize,
        process: ProcessId,
    ) -> CommandReturn {
        if command == command::EXISTS {
            return CommandReturn::success();
        }
        if !self.work.is_inference(process) {
            return CommandReturn::failure(ErrorCode::NOSUPPORT);
        }
        match command {
            command::OPEN => match self.open(process) {
                Ok((plan, tile, count)) => CommandReturn::success_u32_u32_u32(plan, tile, count),
                Err(error) => CommandReturn::failure(error),
            },
            command::TILE => match self.tile(process, argument) {
                Ok(length) => CommandReturn::success_u32(length),
                Err(error) => CommandReturn::failure(error),
            },
            command::CLOSE => {
                self.wipe(process);
                CommandReturn::success()
            }
            command::MAY_STAY => match self.model.policy() {
                Some(policy) => CommandReturn::success_u32(policy.resident.into()),
                None => CommandReturn::failure(ErrorCode::NODEVICE),
            },
            _ => CommandReturn::failure(ErrorCode::NOSUPPORT),
        }
    }

    fn allocate_grant(&self, process: ProcessId) -> Result<(), kernel::process::Error> {
        self.apps.enter(process, |_, _| {})
    }
}
