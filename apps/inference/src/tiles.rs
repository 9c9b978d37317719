//! The vault as the engine's source of tiles.

use core::marker::PhantomData;

use anchorhold_client::{ResultStatus, Vault};
use anchorhold_engine::{SourceError, TileSource};
use libtock_platform::{ErrorCode, Syscalls};

/// The tiles of the open vault.
pub struct Tiles<S: Syscalls> {
    syscalls: PhantomData<S>,
    refused: bool,
}

impl<S: Syscalls> Tiles<S> {
    /// None refused so far.
    pub fn new() -> Self {
        Self {
            syscalls: PhantomData,
            refused: false,
        }
    }

    /// What to report when the engine has stopped.
    pub fn status(&self) -> ResultStatus {
        match self.refused {
            true => ResultStatus::TileRefused,
            false => ResultStatus::InferenceFailed,
        }
    }
}

impl<S: Syscalls> TileSource for Tiles<S> {
    fn read_tile(&mut self, index: u32, buffer: &mut [u8]) -> Result<usize, SourceError> {
        Vault::<S>::tile(index, buffer).map_err(|error| {
            // `Fail` is what the vault answers to a tag that does not match.
            self.refused |= error == ErrorCode::Fail;
            SourceError
        })
    }
}
