//! Does what system calls are for, and what they are not for, and prints what happens:
//! one line for each behaviour, the same line on every kernel that keeps to TRD 104.
//!
//! The PC says which behaviour is next. Each one has a process of its own, because this
//! one starts again after it: so a behaviour leaves nothing to the next, and one that
//! ends in a fault ends nothing but itself.
//!
//! ```text
//! application to PC     conformance: 100 behaviours      whenever the process starts
//! PC to application     run 7
//! application to PC     begin 104/4.2 second-subscribe
//!                       outcome 104/4.2 second-subscribe: Success with 2 u32 (a, 7)
//! ```
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

mod behaviour;
mod calls;
mod cases;
mod events;
mod exhaustion;
mod layout;
mod line;
mod report;
mod request;
mod upcalls;

use libtock::console::Console;
use libtock::platform::{ErrorCode, Syscalls};
use libtock::runtime::{set_main, stack_size, TockSyscalls};

use crate::report::Report;

set_main! {main}
stack_size! {0xC00}

fn main() -> Result<(), ErrorCode> {
    Console::write(
        line::of(format_args!(
            "conformance: {} behaviours\n",
            cases::all().count()
        ))
        .as_bytes(),
    )?;
    let number = match request::next() {
        Ok(number) => number,
        Err(error) => {
            let complaint = line::of(format_args!("conformance: no input: {error:?}\n"));
            return Console::write(complaint.as_bytes());
        }
    };
    let Some(behaviour) = cases::all().nth(number) else {
        return Err(ErrorCode::Invalid);
    };
    let (source, name) = (behaviour.source, behaviour.name);
    Console::write(line::of(format_args!("begin {source} {name}\n")).as_bytes())?;
    let mut report = Report::new();
    (behaviour.run)(&mut report);
    let outcome = line::of(format_args!("outcome {source} {name}: {report}\n"));
    Console::write(outcome.as_bytes())?;
    TockSyscalls::exit_restart(0)
}
