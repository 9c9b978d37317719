//! The low-level debug driver: numbers and alert codes of processes, printed
//! without any buffer of theirs.
//!
//! Messages that wait are in their process's grant and go with it, but for the one
//! that is next: so a process that says two things and ends is heard.

mod message;

use crate::driver;
use core::cell::Cell;
use kernel::grant::{AllowRoCount, AllowRwCount, Grant, UpcallCount};
use kernel::hil::uart::{Transmit, TransmitClient};
use kernel::process::{Error, ProcessId};
use kernel::syscall::{CommandReturn, SyscallDriver};
use kernel::ErrorCode;
use message::Message;

pub use message::BUF_LEN;

/// The driver's number.
pub const DRIVER_NUM: usize = driver::NUM::LowLevelDebug as usize;

/// Messages of one process that can wait.
const QUEUE: usize = 4;

/// A process's messages that wait, oldest first, and how many were dropped.
#[derive(Default)]
pub struct AppData {
    waiting: [Option<Message>; QUEUE],
    dropped: usize,
}

impl AppData {
    fn push(&mut self, message: Message) {
        match self.waiting.iter_mut().find(|slot| slot.is_none()) {
            Some(slot) if self.dropped == 0 => *slot = Some(message),
            _ => self.dropped = self.dropped.saturating_add(1),
        }
    }

    /// The oldest message; after the last, the news that some were dropped.
    fn pop(&mut self) -> Option<Message> {
        let first = self.waiting[0].take();
        self.waiting.rotate_left(1);
        if first.is_none() && self.dropped > 0 {
            return Some(Message::Dropped(core::mem::take(&mut self.dropped)));
        }
        first
    }
}

type DebugGrant = Grant<AppData, UpcallCount<0>, AllowRoCount<0>, AllowRwCount<0>>;

/// The driver.
pub struct LowLevelDebug<'u, U: Transmit<'u>> {
    uart: &'u U,
    processes: DebugGrant,
    /// The message to send next, and its process's number. If there is none, no
    /// process has one that waits.
    next: Cell<Option<(usize, Message)>>,
    /// Here unless a message is being sent.
    buffer: Cell<Option<&'static mut [u8]>>,
}

impl<'u, U: Transmit<'u>> LowLevelDebug<'u, U> {
    /// A driver over `uart`, of which it must become the client. `buffer` must
    /// hold [`BUF_LEN`] bytes, or longer messages are cut.
    pub fn new(buffer: &'static mut [u8], uart: &'u U, grant: DebugGrant) -> Self {
        LowLevelDebug {
            uart,
            processes: grant,
            next: Cell::new(None),
            buffer: Cell::new(Some(buffer)),
        }
    }

    fn push(&self, processid: ProcessId, message: Message) -> CommandReturn {
        let queued = if self.next.get().is_none() {
            self.next.set(Some((processid.id(), message)));
            Ok(())
        } else {
            self.processes.enter(processid, |app, _| app.push(message))
        };
        self.send_next();
        match queued {
            Ok(()) => CommandReturn::success(),
            Err(error) => CommandReturn::failure(error.into()),
        }
    }

    fn send_next(&self) {
        let Some(buffer) = self.buffer.take() else {
            return;
        };
        let Some((app, message)) = self.next.take() else {
            self.buffer.set(Some(buffer));
            return;
        };
        self.next.set(self.processes.iter().find_map(|process| {
            let app = process.processid().id();
            Some((app, process.enter(|data, _| data.pop())?))
        }));
        let length = message.format(app, buffer);
        if let Err((_, buffer)) = self.uart.transmit_buffer(buffer, length) {
            self.buffer.set(Some(buffer));
        }
    }
}

impl<'u, U: Transmit<'u>> SyscallDriver for LowLevelDebug<'u, U> {
    /// Messages for whoever debugs.
    ///
    /// - 0: the driver exists
    /// - 1: print alert code `arg1`
    /// - 2: print the number `arg1`
    /// - 3: print the numbers `arg1` and `arg2`
    fn command(
        &self,
        command_num: usize,
        arg1: usize,
        arg2: usize,
        processid: ProcessId,
    ) -> CommandReturn {
        match command_num {
            0 => CommandReturn::success(),
            1 => self.push(processid, Message::AlertCode(arg1)),
            2 => self.push(processid, Message::Number(arg1)),
            3 => self.push(processid, Message::Numbers(arg1, arg2)),
            _ => CommandReturn::failure(ErrorCode::NOSUPPORT),
        }
    }

    fn allocate_grant(&self, processid: ProcessId) -> Result<(), Error> {
        self.processes.enter(processid, |_, _| {})
    }
}

impl<'u, U: Transmit<'u>> TransmitClient for LowLevelDebug<'u, U> {
    fn transmitted_buffer(
        &self,
        tx_buffer: &'static mut [u8],
        _tx_len: usize,
        _rval: Result<(), ErrorCode>,
    ) {
        self.buffer.set(Some(tx_buffer));
        self.send_next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_keep_their_order_and_drops_are_told_last() {
        let mut app = AppData::default();
        for number in 0..QUEUE + 2 {
            app.push(Message::Number(number));
        }
        for number in 0..QUEUE {
            assert_eq!(app.pop(), Some(Message::Number(number)));
        }
        assert_eq!(app.pop(), Some(Message::Dropped(2)));
        assert_eq!(app.pop(), None);
        app.push(Message::AlertCode(1));
        assert_eq!(app.pop(), Some(Message::AlertCode(1)));
    }
}
