//! An application that asks for random numbers twice, more of them than its buffer
//! holds, and says what it got.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use core::cell::Cell;
use core::fmt::Write;

use libtock::console::Console;
use libtock::platform::share;
use libtock::platform::{AllowRw, DefaultConfig, ErrorCode, Subscribe, Syscalls};
use libtock::runtime::{set_main, stack_size, TockSyscalls};

set_main! {main}
stack_size! {0x800}

/// Number of Tock's driver of random numbers, its command, and its buffer and upcall.
const DRIVER: u32 = 0x40001;
const GET: u32 = 1;
const BUFFER: u32 = 0;
const DONE: u32 = 0;

/// Fills `buffer`; returns the status and the number of bytes that the driver reports.
fn roll(buffer: &mut [u8], wanted: u32) -> Result<(u32, u32), ErrorCode> {
    let done: Cell<Option<(u32, u32)>> = Cell::new(None);
    share::scope::<(AllowRw<_, DRIVER, BUFFER>, Subscribe<_, DRIVER, DONE>), _, _>(|handle| {
        let (allow_rw, subscribe) = handle.split();
        TockSyscalls::allow_rw::<DefaultConfig, DRIVER, BUFFER>(allow_rw, buffer)?;
        TockSyscalls::subscribe::<_, _, DefaultConfig, DRIVER, DONE>(subscribe, &done)?;
        TockSyscalls::command(DRIVER, GET, wanted, 0).to_result::<(), ErrorCode>()?;
        loop {
            TockSyscalls::yield_wait();
            if let Some(event) = done.get() {
                return Ok(event);
            }
        }
    })
}

fn main() {
    // Neither a multiple of a number's bytes, nor of what the source gives at a time.
    let (mut first, mut second) = ([0; 70], [0; 70]);
    let rolled = roll(&mut first, 100).and_then(|one| Ok((one, roll(&mut second, 70)?)));
    // Failing means that nobody reads it.
    let _ = match rolled {
        Ok((one, two)) => {
            let ends = [first, second].map(|bytes| bytes.ends_with(&[0; 6]));
            let differ = first != second && ends == [false; 2];
            writeln!(Console::writer(), "dice: {one:?} {two:?} {differ}")
        }
        Err(error) => writeln!(Console::writer(), "dice: {error:?}"),
    };
}
