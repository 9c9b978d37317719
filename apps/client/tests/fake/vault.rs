//! A fake vault driver: its tiles are in the clear.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use libtock_platform::{CommandReturn, ErrorCode};
use libtock_unittest::fake::SyscallDriver;
use libtock_unittest::{command_return, DriverInfo, RwAllowBuffer};

use super::only_buffer;

#[derive(Default)]
pub struct Vault {
    /// The plan.
    pub plan: Vec<u8>,
    /// Length of a tile.
    pub tile_bytes: usize,
    /// A tile whose tag is wrong.
    pub damaged: Cell<Option<u32>>,
    /// Whether the key is in memory.
    pub is_open: Cell<bool>,
    /// Whether the decrypted plan may stay.
    pub may_stay: Cell<bool>,
    /// Tiles that were decrypted.
    pub tiles: Cell<usize>,
    buffer: RefCell<RwAllowBuffer>,
}

impl Vault {
    pub fn new(plan: &[u8], tile_bytes: usize) -> Rc<Self> {
        Rc::new(Self {
            plan: plan.into(),
            tile_bytes,
            ..Self::default()
        })
    }

    fn tile(&self, index: u32) -> Result<u32, ErrorCode> {
        if !self.is_open.get() {
            return Err(ErrorCode::Reserve);
        }
        if self.damaged.get() == Some(index) {
            return Err(ErrorCode::Fail);
        }
        let tile = self
            .plan
            .chunks(self.tile_bytes)
            .nth(index as usize)
            .ok_or(ErrorCode::Invalid)?;
        self.tiles.set(self.tiles.get() + 1);
        let mut buffer = self.buffer.borrow_mut();
        buffer
            .get_mut(..tile.len())
            .ok_or(ErrorCode::Size)?
            .copy_from_slice(tile);
        Ok(tile.len() as u32)
    }
}

impl SyscallDriver for Vault {
    fn info(&self) -> DriverInfo {
        DriverInfo::new(0xA0003)
    }

    fn command(&self, command_id: u32, argument0: u32, _argument1: u32) -> CommandReturn {
        match command_id {
            0 => command_return::success(),
            1 => {
                self.is_open.set(true);
                command_return::success_3_u32(
                    self.plan.len() as u32,
                    self.tile_bytes as u32,
                    self.plan.len().div_ceil(self.tile_bytes) as u32,
                )
            }
            2 => match self.tile(argument0) {
                Ok(length) => command_return::success_u32(length),
                Err(error) => command_return::failure(error),
            },
            3 => {
                self.is_open.set(false);
                command_return::success()
            }
            4 => command_return::success_u32(self.may_stay.get().into()),
            _ => command_return::failure(ErrorCode::NoSupport),
        }
    }

    fn allow_readwrite(
        &self,
        buffer_num: u32,
        buffer: RwAllowBuffer,
    ) -> Result<RwAllowBuffer, (RwAllowBuffer, ErrorCode)> {
        only_buffer(&self.buffer, buffer_num, buffer)
    }
}
