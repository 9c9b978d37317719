//! One piece of work, from start to wiped.

use anchorhold_client::worker::MAX_OUTPUT;
use anchorhold_client::{Vault, Worker};
use libtock_platform::{ErrorCode, Syscalls};
use zeroize::Zeroize;

use crate::run::run;
use crate::stack::wiped;
use crate::Memory;

/// Waits for a piece of work, does it, and wipes all that it left: but for the plan,
/// if its owner lets it stay, which is wiped when there was no work for a while, or when
/// anything goes wrong.
///
/// # Errors
/// What the kernel answers to a process that it gives no work. The work itself
/// has no errors: what goes wrong is reported to the kernel.
pub fn serve<S: Syscalls>(memory: &mut Memory) -> Result<(), ErrorCode> {
    let work = Worker::<S>::next_or_rest(|| memory.wipe())?;
    let mut output = [0; MAX_OUTPUT];
    let outcome = wiped(|| run::<S>(work, memory, &mut output));

    Vault::<S>::close();
    match outcome {
        Ok(_) => memory.wipe_work(),
        Err(_) => memory.wipe(),
    }
    // The kernel may have given up on the work. It then wants none of this, and
    // there is other work to do.
    let _ = match outcome {
        Ok(length) => Worker::<S>::submit(work, output.get(..length).unwrap_or_default()),
        Err(status) => Worker::<S>::fail(work, status),
    };
    output.zeroize();
    Ok(())
}
