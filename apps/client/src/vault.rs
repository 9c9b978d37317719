//! The vault driver, which serves the inference process only (driver 0xA0003).

use core::marker::PhantomData;

use libtock_platform::{share, AllowRw, DefaultConfig, ErrorCode, Syscalls};

/// Driver number.
const DRIVER: u32 = 0xA0003;

/// Command numbers.
mod command {
    pub const OPEN: u32 = 1;
    pub const TILE: u32 = 2;
    pub const CLOSE: u32 = 3;
    pub const MAY_STAY: u32 = 4;
}

/// Read-write buffer: where a tile goes.
const TILE: u32 = 0;

/// The vault driver: decrypts the sealed model, tile by tile.
pub struct Vault<S: Syscalls>(PhantomData<S>);

/// Lengths of the sealed model, in bytes and tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// Length of the plan.
    pub plan_bytes: usize,
    /// Length of every tile but the last, which may be shorter.
    pub tile_bytes: usize,
    /// Number of tiles.
    pub tiles: u32,
}

impl<S: Syscalls> Vault<S> {
    /// Unwraps the model's key, which stays in the kernel.
    ///
    /// # Errors
    /// What the driver answers, `NoDevice` without a model for instance.
    pub fn open() -> Result<Model, ErrorCode> {
        let (plan_bytes, tile_bytes, tiles) =
            S::command(DRIVER, command::OPEN, 0, 0).to_result::<(u32, u32, u32), ErrorCode>()?;
        Ok(Model {
            plan_bytes: plan_bytes as usize,
            tile_bytes: tile_bytes as usize,
            tiles,
        })
    }

    /// Decrypts tile `index` to the front of `buffer` and returns its length.
    ///
    /// # Errors
    /// - `Fail`: the tile did not authenticate; nothing was decrypted.
    /// - `Invalid`: there is no such tile.
    /// - `Size`: the buffer is shorter than the tile.
    /// - `Reserve`: the vault is not open.
    pub fn tile(index: u32, buffer: &mut [u8]) -> Result<usize, ErrorCode> {
        share::scope::<AllowRw<_, DRIVER, TILE>, _, _>(|allow_rw| {
            S::allow_rw::<DefaultConfig, DRIVER, TILE>(allow_rw, buffer)?;
            let length = S::command(DRIVER, command::TILE, index, 0).to_result::<u32, _>()?;
            Ok(length as usize)
        })
    }

    /// Whether the model's owner lets the decrypted plan stay in memory until there is
    /// no work.
    ///
    /// # Errors
    /// `NoDevice` without a model.
    pub fn may_stay() -> Result<bool, ErrorCode> {
        let answer = S::command(DRIVER, command::MAY_STAY, 0, 0).to_result::<u32, _>()?;
        Ok(answer == 1)
    }

    /// Wipes the model's key. There is nothing to be done if it fails: a vault
    /// that cannot be closed is not open.
    pub fn close() {
        let _ = S::command(DRIVER, command::CLOSE, 0, 0);
    }
}
