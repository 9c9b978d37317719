//! The driver of random numbers, and entropy as their source.

use core::cell::Cell;
use kernel::errorcode::into_statuscode;
use kernel::grant::{AllowRoCount, AllowRwCount, Grant, GrantKernelData, UpcallCount};
use kernel::hil::entropy::{self, Entropy32};
use kernel::hil::rng::{Client, Continue, Rng};
use kernel::process::{Error, ProcessId};
use kernel::processbuffer::WriteableProcessBuffer;
use kernel::syscall::{CommandReturn, SyscallDriver};
use kernel::utilities::cells::OptionalCell;
use kernel::ErrorCode;

use crate::driver;

/// The driver's number.
pub const DRIVER_NUM: usize = driver::NUM::Rng as usize;

mod upcall {
    /// A request ended: status, random bytes in the buffer.
    pub const DONE: usize = 0;
    pub const COUNT: u8 = 1;
}

mod rw_allow {
    /// Where random bytes go.
    pub const BUFFER: usize = 0;
    pub const COUNT: u8 = 1;
}

/// A process's request, if it has one.
#[derive(Default)]
pub struct App {
    request: Option<Request>,
}

/// Bytes that are wanted, and how many of them are there.
#[derive(Clone, Copy)]
struct Request {
    wanted: usize,
    filled: usize,
}

type RngGrant =
    Grant<App, UpcallCount<{ upcall::COUNT }>, AllowRoCount<0>, AllowRwCount<{ rw_allow::COUNT }>>;

/// The driver.
pub struct RngDriver<'a, R: Rng<'a>> {
    rng: &'a R,
    processes: RngGrant,
    /// Whether numbers are on their way.
    getting: Cell<bool>,
}

impl<'a, R: Rng<'a>> RngDriver<'a, R> {
    /// A driver over `rng`, of which it must become the client.
    pub fn new(rng: &'a R, grant: RngGrant) -> Self {
        RngDriver {
            rng,
            processes: grant,
            getting: Cell::new(false),
        }
    }

    fn request(&self, processid: ProcessId, wanted: usize) -> Result<(), ErrorCode> {
        if !self.getting.get() {
            self.rng.get()?;
            self.getting.set(true);
        }
        self.processes.enter(processid, |app, _| {
            app.request = Some(Request { wanted, filled: 0 });
        })?;
        Ok(())
    }
}

/// Fills a process's buffer as far as the numbers last; whether its request has ended.
fn serve(
    app: &mut App,
    kernel_data: &GrantKernelData,
    randomness: &mut dyn Iterator<Item = u32>,
    result: Result<(), ErrorCode>,
) -> bool {
    let Some(request) = &mut app.request else {
        return true;
    };
    // Without a buffer there is nothing to fill.
    let is_full = kernel_data
        .get_readwrite_processbuffer(rw_allow::BUFFER)
        .and_then(|buffer| {
            buffer.mut_enter(|bytes| {
                let end = request.wanted.min(bytes.len());
                while request.filled < end {
                    let (Some(rest), Some(number)) =
                        (bytes.get(request.filled..end), randomness.next())
                    else {
                        return false;
                    };
                    for (to, from) in rest.iter().zip(number.to_le_bytes()) {
                        to.set(from);
                    }
                    request.filled = request.filled.saturating_add(4).min(end);
                }
                true
            })
        })
        .unwrap_or(true);
    let is_over = is_full || result.is_err();
    if is_over {
        let event = (into_statuscode(result), request.filled, 0);
        app.request = None;
        // A process whose queue of upcalls is full misses this one.
        let _ = kernel_data.schedule_upcall(upcall::DONE, event);
    }
    is_over
}

impl<'a, R: Rng<'a>> SyscallDriver for RngDriver<'a, R> {
    /// Random numbers.
    ///
    /// - 0: the driver exists
    /// - 1: fill the buffer with `arg1` random bytes, or as many as it holds
    fn command(
        &self,
        command_num: usize,
        arg1: usize,
        _arg2: usize,
        processid: ProcessId,
    ) -> CommandReturn {
        match command_num {
            0 => CommandReturn::success(),
            1 => match self.request(processid, arg1) {
                Ok(()) => CommandReturn::success(),
                Err(error) => CommandReturn::failure(error),
            },
            _ => CommandReturn::failure(ErrorCode::NOSUPPORT),
        }
    }

    fn allocate_grant(&self, processid: ProcessId) -> Result<(), Error> {
        self.processes.enter(processid, |_, _| {})
    }
}

impl<'a, R: Rng<'a>> Client for RngDriver<'a, R> {
    fn randomness_available(
        &self,
        randomness: &mut dyn Iterator<Item = u32>,
        error: Result<(), ErrorCode>,
    ) -> Continue {
        let is_done = self
            .processes
            .iter()
            .all(|process| process.enter(|app, data| serve(app, data, randomness, error)));
        self.getting.set(!is_done);
        if is_done {
            Continue::Done
        } else {
            Continue::More
        }
    }
}

/// Entropy as random numbers.
pub struct Entropy32ToRandom<'a, E: Entropy32<'a>> {
    entropy: &'a E,
    client: OptionalCell<&'a dyn Client>,
}

impl<'a, E: Entropy32<'a>> Entropy32ToRandom<'a, E> {
    /// Random numbers from `entropy`.
    pub const fn new(entropy: &'a E) -> Self {
        Entropy32ToRandom {
            entropy,
            client: OptionalCell::empty(),
        }
    }
}

impl<'a, E: Entropy32<'a>> Rng<'a> for Entropy32ToRandom<'a, E> {
    fn get(&self) -> Result<(), ErrorCode> {
        self.entropy.get()
    }

    fn cancel(&self) -> Result<(), ErrorCode> {
        self.entropy.cancel()
    }

    fn set_client(&'a self, client: &'a dyn Client) {
        self.entropy.set_client(self);
        self.client.set(client);
    }
}

impl<'a, E: Entropy32<'a>> entropy::Client32 for Entropy32ToRandom<'a, E> {
    fn entropy_available(
        &self,
        entropy: &mut dyn Iterator<Item = u32>,
        error: Result<(), ErrorCode>,
    ) -> entropy::Continue {
        match self
            .client
            .map(|client| client.randomness_available(entropy, error))
        {
            Some(Continue::More) => entropy::Continue::More,
            _ => entropy::Continue::Done,
        }
    }
}
