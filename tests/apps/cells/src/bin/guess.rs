//! A cell that looks at no weights and always gives the same answer.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use anchorhold_client::{Sensor, Worker};
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size, TockSyscalls};

set_main! {main}
stack_size! {0x1000}

/// Bytes of a window of the condition monitor.
const WINDOW: usize = 256 * 3 * 2;
/// As many values as the condition monitor has labels.
const OUTPUT: [u8; 4] = [0, 0, 0x7f, 0];

fn main() -> Result<(), ErrorCode> {
    let mut window = [0; WINDOW];
    loop {
        let work = Worker::<TockSyscalls>::next()?;
        // Without a window, this must fail, and the work must go on.
        if Worker::<TockSyscalls>::submit(work, &OUTPUT).is_ok() {
            return Ok(());
        }
        Sensor::<TockSyscalls>::read(work, &mut window)?;
        Worker::<TockSyscalls>::submit(work, &OUTPUT)?;
    }
}
