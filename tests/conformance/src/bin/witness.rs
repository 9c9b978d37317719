//! A process that says, again and again, that it is there: whoever else should have said
//! something by then has not.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use libtock::alarm::{Alarm, Milliseconds};
use libtock::console::Console;
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size};

set_main! {main}
stack_size! {0x400}

fn main() -> Result<(), ErrorCode> {
    loop {
        Console::write(b"witness: here\n")?;
        Alarm::sleep_for(Milliseconds(10))?;
    }
}
