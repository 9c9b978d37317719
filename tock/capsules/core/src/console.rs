//! The console driver: processes write to and read from a serial port.
//!
//! A write shorter than the transmit buffer leaves as one transmission, and a
//! process that left its line open does not get another one's text on it: so
//! lines of several processes are not mixed.

use core::cell::Cell;
use kernel::errorcode::into_statuscode;
use kernel::grant::{AllowRoCount, AllowRwCount, Grant, GrantKernelData, UpcallCount};
use kernel::hil::uart;
use kernel::process::{Error, ProcessId};
use kernel::processbuffer::{ReadableProcessBuffer, WriteableProcessBuffer};
use kernel::syscall::{CommandReturn, SyscallDriver};
use kernel::utilities::cells::{OptionalCell, TakeCell};
use kernel::ErrorCode;

use crate::driver;

/// The driver's number.
pub const DRIVER_NUM: usize = driver::NUM::Console as usize;

/// Length of the buffers that a board gives if it has no reason for another.
pub const DEFAULT_BUF_SIZE: usize = 64;

mod upcall {
    /// A write ended: bytes written.
    pub const WRITE_DONE: usize = 1;
    /// A read ended: status, bytes read.
    pub const READ_DONE: usize = 2;
    pub const COUNT: u8 = 3;
}

mod ro_allow {
    /// What to write.
    pub const WRITE: usize = 1;
    pub const COUNT: u8 = 2;
}

mod rw_allow {
    /// Where to read to.
    pub const READ: usize = 1;
    pub const COUNT: u8 = 2;
}

/// A write in progress.
#[derive(Clone, Copy)]
struct Write {
    length: usize,
    written: usize,
}

/// A process's write, if it has one.
#[derive(Default)]
pub struct App {
    write: Option<Write>,
}

type ConsoleGrant = Grant<
    App,
    UpcallCount<{ upcall::COUNT }>,
    AllowRoCount<{ ro_allow::COUNT }>,
    AllowRwCount<{ rw_allow::COUNT }>,
>;

/// The driver.
pub struct Console<'a> {
    uart: &'a dyn uart::UartData<'a>,
    processes: ConsoleGrant,
    writer: OptionalCell<ProcessId>,
    /// Who wrote last, if that did not end with a line's end.
    open_line: OptionalCell<ProcessId>,
    /// Bytes of the transmission under way that are the driver's own.
    lead: Cell<usize>,
    /// Here unless a transmission is under way.
    tx_buffer: TakeCell<'static, [u8]>,
    reader: OptionalCell<ProcessId>,
    /// What the reader waits for while an abandoned reception is being ended.
    next_read: Cell<Option<usize>>,
    /// Here unless a reception is under way.
    rx_buffer: TakeCell<'static, [u8]>,
}

impl<'a> Console<'a> {
    /// A driver over `uart`, of which it must become both clients.
    pub fn new(
        uart: &'a dyn uart::UartData<'a>,
        tx_buffer: &'static mut [u8],
        rx_buffer: &'static mut [u8],
        grant: ConsoleGrant,
    ) -> Console<'a> {
        Console {
            uart,
            processes: grant,
            writer: OptionalCell::empty(),
            open_line: OptionalCell::empty(),
            lead: Cell::new(0),
            tx_buffer: TakeCell::new(tx_buffer),
            reader: OptionalCell::empty(),
            next_read: Cell::new(None),
            rx_buffer: TakeCell::new(rx_buffer),
        }
    }

    fn write(&self, processid: ProcessId, limit: usize) -> CommandReturn {
        let entered = self.processes.enter(processid, |app, kernel_data| {
            let allowed = kernel_data
                .get_readonly_processbuffer(ro_allow::WRITE)
                .map_or(0, |buffer| buffer.len());
            if let (Some(write), 0) = (app.write, limit) {
                // Nothing more is sent; the event follows what is under way.
                app.write = Some(Write {
                    length: write.written,
                    ..write
                });
                return Ok(());
            }
            if app.write.is_some() || (allowed == 0 && limit != 0) {
                return Err(ErrorCode::BUSY);
            }
            app.write = Some(Write {
                length: limit.min(allowed),
                written: 0,
            });
            Ok(())
        });
        match entered {
            Ok(Ok(())) => {
                self.transmit_next(None);
                CommandReturn::success()
            }
            Ok(Err(error)) => CommandReturn::failure(error),
            Err(error) => CommandReturn::failure(error.into()),
        }
    }

    /// Starts a transmission if none is under way: `last`'s next part if it has
    /// one, else that of the first process that has. Ends writes that have none.
    fn transmit_next(&self, last: Option<ProcessId>) {
        let Some(buffer) = self.tx_buffer.take() else {
            return;
        };
        let continued = last.and_then(|id| self.next_part(id, buffer).map(|length| (id, length)));
        let chosen = continued.or_else(|| {
            self.processes
                .iter()
                .map(|process| process.processid())
                .find_map(|id| self.next_part(id, buffer).map(|length| (id, length)))
        });
        let Some((processid, length)) = chosen else {
            self.tx_buffer.replace(buffer);
            return;
        };
        match self.uart.transmit_buffer(buffer, length) {
            Ok(()) => self.writer.set(processid),
            Err((_, buffer)) => {
                self.tx_buffer.replace(buffer);
                // The process learns how much was written before. A process
                // that has ended meanwhile needs no event.
                let _ = self
                    .processes
                    .enter(processid, |app, kernel_data| finish_write(app, kernel_data));
            }
        }
    }

    /// Copies the next part of a process's write into `buffer`, after the end of
    /// a line that another process left open, and returns their length; `None`,
    /// with the write ended, if nothing is left.
    fn next_part(&self, processid: ProcessId, buffer: &mut [u8]) -> Option<usize> {
        let is_torn = self.open_line.get().is_some_and(|other| other != processid);
        let lead = usize::from(is_torn);
        let (end_of_line, buffer) = buffer.split_at_mut_checked(lead)?;
        end_of_line.fill(b'\n');
        let entered = self.processes.enter(processid, |app, kernel_data| {
            let write = app.write?;
            let length = kernel_data
                .get_readonly_processbuffer(ro_allow::WRITE)
                .and_then(|process_buffer| {
                    process_buffer.enter(|bytes| {
                        let end = write.length.min(bytes.len());
                        let length = end.saturating_sub(write.written).min(buffer.len());
                        let from = bytes.get(write.written..write.written.checked_add(length)?)?;
                        from.copy_to_slice_or_err(buffer.get_mut(..length)?).ok()?;
                        Some(length)
                    })
                })
                .ok()
                .flatten()
                .filter(|length| *length > 0);
            if length.is_none() {
                finish_write(app, kernel_data);
            }
            length
        });
        let length = entered.ok().flatten()?;
        let ends_line = buffer.get(..length)?.last() == Some(&b'\n');
        self.open_line
            .insert(Some(processid).filter(|_| !ends_line));
        self.lead.set(lead);
        lead.checked_add(length)
    }

    fn read(&self, processid: ProcessId, limit: usize) -> CommandReturn {
        if let Some(reader) = self.reader.get() {
            // A process that has ended since leaves its reception behind.
            let alive = self.processes.enter(reader, |_, _| {}).is_ok();
            if alive {
                return CommandReturn::failure(ErrorCode::BUSY);
            }
        }
        let allowed = self.processes.enter(processid, |_, kernel_data| {
            kernel_data
                .get_readwrite_processbuffer(rw_allow::READ)
                .map_or(0, |buffer| buffer.len())
        });
        let length = match allowed {
            Ok(0) => return CommandReturn::failure(ErrorCode::BUSY),
            Ok(allowed) => limit.min(allowed),
            Err(error) => return CommandReturn::failure(error.into()),
        };
        if length == 0 {
            return CommandReturn::failure(ErrorCode::INVAL);
        }
        match self.receive(processid, length) {
            Ok(()) => CommandReturn::success(),
            Err(error) => CommandReturn::failure(error),
        }
    }

    fn receive(&self, processid: ProcessId, length: usize) -> Result<(), ErrorCode> {
        match self.rx_buffer.take() {
            Some(buffer) => {
                let length = length.min(buffer.len());
                self.uart
                    .receive_buffer(buffer, length)
                    .map_err(|(error, buffer)| {
                        self.rx_buffer.replace(buffer);
                        error
                    })?;
            }
            None => {
                // The reception ends by a callback in either case.
                let _ = self.uart.receive_abort();
                self.next_read.set(Some(length));
            }
        }
        self.reader.set(processid);
        Ok(())
    }

    fn abort_read(&self, processid: ProcessId) -> CommandReturn {
        if self.reader.get() == Some(processid) {
            // Either way the reception's own callback tells the process.
            let _ = self.uart.receive_abort();
        }
        CommandReturn::success()
    }
}

/// Ends a process's write and tells it how much was written.
fn finish_write(app: &mut App, kernel_data: &GrantKernelData) {
    if let Some(write) = app.write.take() {
        // A process whose queue of upcalls is full misses this one.
        let _ = kernel_data.schedule_upcall(upcall::WRITE_DONE, (write.written, 0, 0));
    }
}

impl SyscallDriver for Console<'_> {
    /// Serial input and output.
    ///
    /// - 0: the driver exists
    /// - 1: write at most `arg1` bytes; 0 cancels a write
    /// - 2: read at most `arg1` bytes
    /// - 3: abort a read
    fn command(
        &self,
        command_num: usize,
        arg1: usize,
        _arg2: usize,
        processid: ProcessId,
    ) -> CommandReturn {
        match command_num {
            0 => CommandReturn::success(),
            1 => self.write(processid, arg1),
            2 => self.read(processid, arg1),
            3 => self.abort_read(processid),
            _ => CommandReturn::failure(ErrorCode::NOSUPPORT),
        }
    }

    fn allocate_grant(&self, processid: ProcessId) -> Result<(), Error> {
        self.processes.enter(processid, |_, _| {})
    }
}

impl uart::TransmitClient for Console<'_> {
    fn transmitted_buffer(
        &self,
        tx_buffer: &'static mut [u8],
        tx_len: usize,
        rval: Result<(), ErrorCode>,
    ) {
        self.tx_buffer.replace(tx_buffer);
        let writer = self.writer.take();
        if let Some(processid) = writer {
            // A process that has ended meanwhile needs no event.
            let _ = self.processes.enter(processid, |app, kernel_data| {
                if let Some(write) = &mut app.write {
                    let own = tx_len.saturating_sub(self.lead.get());
                    write.written = write.written.saturating_add(own);
                }
                if rval.is_err() {
                    finish_write(app, kernel_data);
                }
            });
        }
        self.transmit_next(writer);
    }
}

impl uart::ReceiveClient for Console<'_> {
    fn received_buffer(
        &self,
        rx_buffer: &'static mut [u8],
        rx_len: usize,
        rval: Result<(), ErrorCode>,
        _error: uart::Error,
    ) {
        let Some(processid) = self.reader.take() else {
            self.rx_buffer.replace(rx_buffer);
            return;
        };
        if let Some(length) = self.next_read.take() {
            // What arrived was for a process that has ended.
            self.rx_buffer.replace(rx_buffer);
            if let Err(error) = self.receive(processid, length) {
                self.finish_read(processid, 0, Err(error));
            }
            return;
        }
        let received = rx_buffer.get(..rx_len).unwrap_or(&[]);
        let copied = self.processes.enter(processid, |_, kernel_data| {
            kernel_data
                .get_readwrite_processbuffer(rw_allow::READ)
                .and_then(|process_buffer| {
                    process_buffer.mut_enter(|bytes| {
                        let length = received.len().min(bytes.len());
                        let (to, from) = (bytes.get(..length)?, received.get(..length)?);
                        to.copy_from_slice_or_err(from).ok()?;
                        Some(length)
                    })
                })
                .ok()
                .flatten()
                .unwrap_or(0)
        });
        self.rx_buffer.replace(rx_buffer);
        if let Ok(length) = copied {
            self.finish_read(processid, length, rval);
        }
    }
}

impl Console<'_> {
    fn finish_read(&self, processid: ProcessId, length: usize, result: Result<(), ErrorCode>) {
        // A process that has ended, or whose queue is full, misses this.
        let _ = self.processes.enter(processid, |_, kernel_data| {
            kernel_data.schedule_upcall(upcall::READ_DONE, (into_statuscode(result), length, 0))
        });
    }
}
