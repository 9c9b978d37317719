//! A fake low-level debug driver (Tock's doc/syscalls/00008).

use std::cell::Cell;
use std::rc::Rc;

use libtock_platform::{CommandReturn, ErrorCode};

use crate::fake::SyscallDriver;
use crate::{command_return, DriverInfo};

/// Collects messages.
#[derive(Default)]
pub struct LowLevelDebug {
    messages: Cell<Vec<Message>>,
}

/// What the code under test has printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Message {
    /// An alert code.
    AlertCode(u32),
    /// One number.
    Print1(u32),
    /// Two numbers.
    Print2(u32, u32),
}

impl LowLevelDebug {
    /// A driver that has printed nothing.
    pub fn new() -> Rc<Self> {
        Rc::default()
    }

    /// The messages printed since the last time.
    pub fn take_messages(&self) -> Vec<Message> {
        self.messages.take()
    }
}

impl SyscallDriver for LowLevelDebug {
    fn info(&self) -> DriverInfo {
        DriverInfo::new(8)
    }

    fn command(&self, command_id: u32, argument0: u32, argument1: u32) -> CommandReturn {
        let message = match command_id {
            0 => return command_return::success(),
            1 => Message::AlertCode(argument0),
            2 => Message::Print1(argument0),
            3 => Message::Print2(argument0, argument1),
            _ => return command_return::failure(ErrorCode::NoSupport),
        };
        let mut messages = self.messages.take();
        messages.push(message);
        self.messages.set(messages);
        command_return::success()
    }
}
