//! A fake console (Tock's doc/syscalls/00001).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use libtock_platform::{CommandReturn, ErrorCode};

use crate::fake::SyscallDriver;
use crate::{command_return, DriverInfo, DriverShareRef, RoAllowBuffer, RwAllowBuffer};

/// Upcall and read-only buffer of a write.
const WRITE: u32 = 1;
/// Upcall of a read.
const READ: u32 = 2;
/// Read-write buffer of a read.
const READ_BUFFER: u32 = 1;

/// Collects what is written, and serves reads from given input. A read for
/// which there is no input at all fails with `Fail`, because nothing could ever
/// end it.
#[derive(Default)]
pub struct Console {
    output: Cell<Vec<u8>>,
    input: RefCell<Vec<u8>>,
    write_buffer: RefCell<RoAllowBuffer>,
    read_buffer: RefCell<RwAllowBuffer>,
    share_ref: DriverShareRef,
}

impl Console {
    /// A console without input.
    pub fn new() -> Rc<Self> {
        Self::new_with_input(b"")
    }

    /// A console on which somebody has typed `input`.
    pub fn new_with_input(input: &[u8]) -> Rc<Self> {
        Rc::new(Self {
            input: RefCell::new(input.into()),
            ..Self::default()
        })
    }

    /// The bytes written since the last time.
    pub fn take_bytes(&self) -> Vec<u8> {
        self.output.take()
    }

    fn write(&self, length: u32) {
        let buffer = self.write_buffer.borrow();
        let written = &buffer[..buffer.len().min(length as usize)];
        let mut output = self.output.take();
        output.extend_from_slice(written);
        self.output.set(output);
        self.schedule(WRITE, (written.len() as u32, 0, 0));
    }

    fn read(&self, length: u32) {
        let mut buffer = self.read_buffer.borrow_mut();
        let mut input = self.input.borrow_mut();
        let status = match input.is_empty() {
            true => ErrorCode::Fail as u32,
            false => 0,
        };
        let count = buffer.len().min(length as usize).min(input.len());
        buffer[..count].copy_from_slice(&input[..count]);
        input.drain(..count);
        self.schedule(READ, (status, count as u32, 0));
    }

    fn schedule(&self, upcall: u32, arguments: (u32, u32, u32)) {
        self.share_ref
            .schedule_upcall(upcall, arguments)
            .expect("the console announces its upcalls");
    }
}

impl SyscallDriver for Console {
    fn info(&self) -> DriverInfo {
        DriverInfo::new(1).upcall_count(3)
    }

    fn register(&self, share_ref: DriverShareRef) {
        self.share_ref.replace(share_ref);
    }

    fn command(&self, command_id: u32, argument0: u32, _argument1: u32) -> CommandReturn {
        match command_id {
            0 => {}
            1 => self.write(argument0),
            2 => self.read(argument0),
            _ => return command_return::failure(ErrorCode::NoSupport),
        }
        command_return::success()
    }

    fn allow_readonly(
        &self,
        buffer_num: u32,
        buffer: RoAllowBuffer,
    ) -> Result<RoAllowBuffer, (RoAllowBuffer, ErrorCode)> {
        match buffer_num {
            WRITE => Ok(self.write_buffer.replace(buffer)),
            _ => Err((buffer, ErrorCode::Invalid)),
        }
    }

    fn allow_readwrite(
        &self,
        buffer_num: u32,
        buffer: RwAllowBuffer,
    ) -> Result<RwAllowBuffer, (RwAllowBuffer, ErrorCode)> {
        match buffer_num {
            READ_BUFFER => Ok(self.read_buffer.replace(buffer)),
            _ => Err((buffer, ErrorCode::Invalid)),
        }
    }
}
