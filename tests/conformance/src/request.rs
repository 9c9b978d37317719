//! What the PC asks for.

use libtock::console::Console;
use libtock::platform::ErrorCode;

/// Waits for a line `run <number>` and returns the number.
pub fn next() -> Result<usize, ErrorCode> {
    let mut number: usize = 0;
    loop {
        let mut byte = [0];
        let (_, read) = Console::read(&mut byte);
        read?;
        match byte {
            [b'\n'] => return Ok(number),
            [digit @ b'0'..=b'9'] => {
                number = number.wrapping_mul(10).wrapping_add((digit - b'0').into());
            }
            _ => {}
        }
    }
}
