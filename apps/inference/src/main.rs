//! The process in the cell: the only one that sees samples and plaintext
//! weights, and that can tell nobody but the kernel. It uses the evidence,
//! sensor and vault drivers and nothing else, not even the console.
#![no_main]
#![no_std]
#![forbid(unsafe_code)]

use inference_work::{serve, Memory, STACK_BYTES};
use libtock::platform::ErrorCode;
use libtock::runtime::{set_main, stack_size, TockSyscalls};

set_main! {main}
stack_size! {STACK_BYTES}

/// Ends only when the kernel does not take this for the inference process.
fn main() -> Result<(), ErrorCode> {
    // On the stack, because a static that can be written needs `unsafe`.
    let mut memory = Memory::new();
    loop {
        serve::<TockSyscalls>(&mut memory)?;
    }
}
