//! An inference process that tries to tell somebody what it sees, asks for answers
//! itself, and hands in outputs that no model of the device has.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use anchorhold_client::evidence::{Answer, MIN_NONCE, MIN_TOKEN_BUFFER};
use anchorhold_client::worker::MAX_OUTPUT;
use anchorhold_client::{Evidence, Sensor, Worker};
use libtock::console::Console;
use libtock::low_level_debug::LowLevelDebug;
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size, TockSyscalls};

set_main! {main}
stack_size! {0x1000}

/// Bytes of a window of the condition monitor, and its labels.
const WINDOW: usize = 256 * 3 * 2;
const LABELS: usize = 4;

/// What the kernel answers to who has no right.
const NOT_FOR_IT: Result<Answer<'_>, ErrorCode> = Err(ErrorCode::NoDevice);

/// Asking for the next piece of work then says that it has given up on this.
fn main() -> Result<(), ErrorCode> {
    loop {
        let work = Worker::<TockSyscalls>::next()?;
        // Neither must print anything.
        let _ = Console::write(b"attack tell-console BREACH\n");
        LowLevelDebug::print_1(work.generation());
        // Asking is not for it. Were it heard, it would go on until the deadline.
        let mut token = [0; MIN_TOKEN_BUFFER];
        while Evidence::<TockSyscalls>::claims(&[0; MIN_NONCE], &mut token) != NOT_FOR_IT
            || Evidence::<TockSyscalls>::sign_batch(&mut token) != NOT_FOR_IT
        {}
        // Too short and too long for any model, for which `submit` must fail.
        let _ = Worker::<TockSyscalls>::submit(work, &[]);
        let _ = Worker::<TockSyscalls>::submit(work, &[0x7f; MAX_OUTPUT + 1]);
        // With samples in hand, any length would be served but for the model's labels.
        let mut window = [0; WINDOW];
        let _ = Sensor::<TockSyscalls>::read(work, &mut window);
        for length in [1, LABELS - 1, LABELS + 1, MAX_OUTPUT] {
            let output = [0x7f; MAX_OUTPUT];
            let _ = Worker::<TockSyscalls>::submit(work, output.get(..length).unwrap_or(&[]));
        }
    }
}
