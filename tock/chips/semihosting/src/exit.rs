//! Ending the emulation.

use crate::call::{host, operation};

/// `ADP_Stopped_ApplicationExit`: the second word is the exit status.
const APPLICATION_EXIT: usize = 0x20026;

/// Ends the emulator with `status`, zero for success. Without an emulator that
/// obeys, stops here.
pub fn exit(status: u32) -> ! {
    // SAFETY: reason and status, as EXIT_EXTENDED expects.
    unsafe {
        host(
            operation::EXIT_EXTENDED,
            &[APPLICATION_EXIT, status as usize],
        )
    };
    loop {
        core::hint::spin_loop();
    }
}
