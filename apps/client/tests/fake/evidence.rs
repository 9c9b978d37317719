//! A fake evidence driver: signs nothing, and keeps what it was told.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use libtock_platform::{CommandReturn, ErrorCode};
use libtock_unittest::fake::SyscallDriver;
use libtock_unittest::{command_return, DriverInfo, DriverShareRef, RoAllowBuffer, RwAllowBuffer};

use super::only_buffer;

/// What the inference process made of a piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Generation and output.
    Submitted(u32, Vec<u8>),
    /// Generation and status.
    Failed(u32, u32),
}

/// A request is answered at once, with `token ‖ nonce` and result `result`.
#[derive(Default)]
pub struct Evidence {
    /// What `request` and `attest` fail with.
    pub refusal: Cell<Option<ErrorCode>>,
    /// First and third argument of the upcall that ends a request.
    pub status: Cell<u32>,
    pub result: Cell<u32>,
    /// What is added to the length in that upcall.
    pub excess: Cell<u32>,
    /// Work that waits for the inference process, by generation.
    pub work: RefCell<VecDeque<u32>>,
    /// Whether the process hears at once that there is none.
    pub is_quiet: Cell<bool>,
    /// What became of it.
    pub outcomes: RefCell<Vec<Outcome>>,
    nonce: RefCell<RoAllowBuffer>,
    output: RefCell<RoAllowBuffer>,
    token: RefCell<RwAllowBuffer>,
    share_ref: DriverShareRef,
}

impl Evidence {
    pub fn new() -> Rc<Self> {
        Rc::default()
    }

    fn request(&self, prefix: &[u8]) -> Result<(), ErrorCode> {
        if let Some(error) = self.refusal.get() {
            return Err(error);
        }
        let nonce = self.nonce.borrow();
        if !(8..=64).contains(&nonce.len()) {
            return Err(ErrorCode::Size);
        }
        self.reply(&[prefix, &nonce].concat())
    }

    fn reply(&self, text: &[u8]) -> Result<(), ErrorCode> {
        let mut token = self.token.borrow_mut();
        if token.len() < 512 {
            return Err(ErrorCode::Size);
        }
        token[..text.len()].copy_from_slice(text);
        let length = text.len() as u32 + self.excess.get();
        self.schedule(0, (self.status.get(), length, self.result.get()));
        Ok(())
    }

    fn ready(&self) {
        if let Some(generation) = self.work.borrow_mut().pop_front() {
            self.schedule(1, (generation, 1, 0));
        } else if self.is_quiet.get() {
            self.schedule(1, (0, 3, 0));
        }
    }

    fn schedule(&self, upcall: u32, arguments: (u32, u32, u32)) {
        self.share_ref.schedule_upcall(upcall, arguments).unwrap();
    }
}

impl SyscallDriver for Evidence {
    fn info(&self) -> DriverInfo {
        DriverInfo::new(0xA0001).upcall_count(2)
    }

    fn register(&self, share_ref: DriverShareRef) {
        self.share_ref.replace(share_ref);
    }

    fn command(&self, command_id: u32, argument0: u32, argument1: u32) -> CommandReturn {
        let result = match command_id {
            0 => Ok(()),
            1 => self.request(b"answer"),
            3 => self.request(b"attest"),
            4 => self.request(b"claims"),
            5 => self.reply(b"signed"),
            16 => {
                self.ready();
                Ok(())
            }
            17 => {
                let output = self.output.borrow().to_vec();
                self.outcomes
                    .borrow_mut()
                    .push(Outcome::Submitted(argument0, output));
                Ok(())
            }
            18 => {
                self.outcomes
                    .borrow_mut()
                    .push(Outcome::Failed(argument0, argument1));
                Ok(())
            }
            _ => Err(ErrorCode::NoSupport),
        };
        match result {
            Ok(()) => command_return::success(),
            Err(error) => command_return::failure(error),
        }
    }

    fn allow_readonly(
        &self,
        buffer_num: u32,
        buffer: RoAllowBuffer,
    ) -> Result<RoAllowBuffer, (RoAllowBuffer, ErrorCode)> {
        match buffer_num {
            0 => Ok(self.nonce.replace(buffer)),
            1 => Ok(self.output.replace(buffer)),
            _ => Err((buffer, ErrorCode::Invalid)),
        }
    }

    fn allow_readwrite(
        &self,
        buffer_num: u32,
        buffer: RwAllowBuffer,
    ) -> Result<RwAllowBuffer, (RwAllowBuffer, ErrorCode)> {
        only_buffer(&self.token, buffer_num, buffer)
    }
}
